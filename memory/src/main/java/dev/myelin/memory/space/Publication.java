package dev.myelin.memory.space;

import dev.myelin.memory.tail.Newborn;
import org.jspecify.annotations.Nullable;

/// What one committed record changes of what can be recalled.
///
/// @param offset the record's
/// @param death the memory that is not recalled any more, 0 for none
/// @param birth the memory that is recalled from now on, if any
public record Publication(long offset, long death, @Nullable Newborn birth) {}
