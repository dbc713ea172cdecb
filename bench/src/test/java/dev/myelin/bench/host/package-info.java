@NullMarked
package dev.myelin.bench.host;

import org.jspecify.annotations.NullMarked;
