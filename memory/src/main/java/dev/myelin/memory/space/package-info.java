/// Spaces: their rows in the journal's tables, and their open state, made by replay.
@NullMarked
package dev.myelin.memory.space;

import org.jspecify.annotations.NullMarked;
