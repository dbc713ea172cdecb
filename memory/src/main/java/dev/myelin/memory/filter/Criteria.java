package dev.myelin.memory.filter;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions of one recall.
///
/// @param from earliest `when`, inclusive, in microseconds since 1970; [Long#MIN_VALUE] for none
/// @param to latest `when`, inclusive; [Long#MAX_VALUE] for none
/// @param committedUntil latest commit time, inclusive; [Long#MAX_VALUE] for none
/// @param maxOffset highest commit number, inclusive
/// @param people all of them, in lower case
/// @param place in lower case
/// @param conditions on metadata, all of them
public record Criteria(
    long from,
    long to,
    long committedUntil,
    long maxOffset,
    float minConfidence,
    List<String> requiredTags,
    List<String> excludedTags,
    List<String> people,
    @Nullable String place,
    List<Condition> conditions) {

  /// Everything passes.
  public static final Criteria NONE =
      new Criteria(
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          0f,
          List.of(),
          List.of(),
          List.of(),
          null,
          List.of());

  public Criteria {
    people = Facets.lower(people);
    place = Facets.lower(place);
  }

  /// The number to compare with, or a fallback where there is no time.
  public static long micros(@Nullable Instant time, long fallback) {
    return time == null ? fallback : Facets.micros(time);
  }

  /// These conditions for memories committed up to an offset, if that is stricter.
  public Criteria upTo(long offset) {
    return offset >= maxOffset
        ? this
        : new Criteria(
            from,
            to,
            committedUntil,
            offset,
            minConfidence,
            requiredTags,
            excludedTags,
            people,
            place,
            conditions);
  }

  /// Whether memories are told apart by anything but their offset.
  public boolean isSelective() {
    return from != Long.MIN_VALUE
        || to != Long.MAX_VALUE
        || committedUntil != Long.MAX_VALUE
        || minConfidence > 0f
        || !requiredTags.isEmpty()
        || !excludedTags.isEmpty()
        || !people.isEmpty()
        || place != null
        || !conditions.isEmpty();
  }

  public boolean accepts(Facets memory) {
    return memory.offset() <= maxOffset && (!isSelective() || acceptsFacets(memory));
  }

  private boolean acceptsFacets(Facets memory) {
    return memory.when() >= from
        && memory.when() <= to
        && memory.committed() <= committedUntil
        && memory.confidence() >= minConfidence
        && memory.tags().containsAll(requiredTags)
        && excludedTags.stream().noneMatch(memory.tags()::contains)
        && memory.people().containsAll(people)
        && (place == null || place.equals(memory.place()))
        && conditions.stream()
            .allMatch(condition -> condition.accepts(memory.metadata().get(condition.field())));
  }
}
