/// The index of a space: what lies before the fresh tail, on disk, derived from the journal.
@NullMarked
package dev.myelin.memory.index;

import org.jspecify.annotations.NullMarked;
