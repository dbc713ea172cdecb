@NullMarked
package dev.myelin.bench.fanout;

import org.jspecify.annotations.NullMarked;
