package dev.myelin.memory;

import dev.myelin.memory.vector.Similarity;
import dev.myelin.memory.vector.VectorMath;
import dev.myelin.model.Embedding;
import dev.myelin.model.Memory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What recall promises, in the plainest words.
final class ReferenceFilter {
  private ReferenceFilter() {}

  static boolean accepts(MemoryFilter filter, Memory memory) {
    return (filter.from() == null || !memory.when().isBefore(filter.from()))
        && (filter.to() == null || !memory.when().isAfter(filter.to()))
        && (filter.committedUntil() == null
            || !memory.committedAt().isAfter(filter.committedUntil()))
        && memory.confidence().value() >= filter.minConfidence()
        && memory.circumstances().tags().containsAll(filter.requiredTags())
        && filter.excludedTags().stream().noneMatch(memory.circumstances().tags()::contains)
        && filter.people().stream()
            .allMatch(wanted ->
                memory.circumstances().people().stream().anyMatch(wanted::equalsIgnoreCase))
        && (filter.place() == null
            || filter.place().equalsIgnoreCase(memory.circumstances().place()));
  }

  static float cosine(Embedding cue, @Nullable Embedding embedding) {
    Similarity math = VectorMath.FASTEST;
    float[] values = Objects.requireNonNull(embedding).values();
    float[] unit = new float[values.length];
    math.scale(values, math.inverseLength(values), unit, 0);
    return math.dot(math.unit(cue.values()), unit, 0);
  }
}
