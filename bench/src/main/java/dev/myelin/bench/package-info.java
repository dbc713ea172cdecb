/// Load generators, comparisons with peers, and microbenchmarks.
@NullMarked
package dev.myelin.bench;

import org.jspecify.annotations.NullMarked;
