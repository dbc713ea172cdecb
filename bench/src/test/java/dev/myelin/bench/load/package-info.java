@NullMarked
package dev.myelin.bench.load;

import org.jspecify.annotations.NullMarked;
