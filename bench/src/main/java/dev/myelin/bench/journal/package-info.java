/// Microbenchmarks of the journal.
@NullMarked
package dev.myelin.bench.journal;

import org.jspecify.annotations.NullMarked;
