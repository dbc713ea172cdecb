/// Searching a space as of one moment: the index and the fresh tail side by side.
@NullMarked
package dev.myelin.memory.search;

import org.jspecify.annotations.NullMarked;
