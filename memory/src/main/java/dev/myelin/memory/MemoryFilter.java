package dev.myelin.memory;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conditions every result meets; they are applied inside the search, not after it.
///
/// @param from earliest `when`, inclusive
/// @param to latest `when`, inclusive
/// @param committedUntil latest commit time, inclusive: a reading as of that time
/// @param minConfidence lowest confidence, 0 for all
/// @param requiredTags all of them
/// @param excludedTags none of them
/// @param people all of them took part (case ignored)
/// @param place where it happened (case ignored)
public record MemoryFilter(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable Instant committedUntil,
    float minConfidence,
    List<String> requiredTags,
    List<String> excludedTags,
    List<String> people,
    @Nullable String place) {

  /// Every memory passes.
  public static final MemoryFilter NONE =
      new MemoryFilter(null, null, null, 0f, List.of(), List.of(), List.of(), null);

  public MemoryFilter {
    requiredTags = List.copyOf(requiredTags);
    excludedTags = List.copyOf(excludedTags);
    people = List.copyOf(people);
  }
}
