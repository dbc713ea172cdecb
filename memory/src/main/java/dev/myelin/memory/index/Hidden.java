package dev.myelin.memory.index;

import java.util.function.LongPredicate;

/// Memories that an index still has but that died after it was made.
///
/// @param test whether the memory of that offset is one of them
/// @param most how many there may be
public record Hidden(LongPredicate test, int most) {
  public static final Hidden NONE = new Hidden(_ -> false, 0);
}
