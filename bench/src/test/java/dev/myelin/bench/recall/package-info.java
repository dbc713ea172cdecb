@NullMarked
package dev.myelin.bench.recall;

import org.jspecify.annotations.NullMarked;
