package dev.myelin.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What else is known of an episode: where, who, why, how, and whatever the writer adds.
///
/// @param place where it happened
/// @param people who took part
/// @param tags labels to filter by
/// @param metadata free pairs, given back as they came
/// @param decayRate how fast it fades, per hour; null for the engine's default
/// @param importance 0 to 1, 0.5 if unknown
/// @param emotionalValence -1 (bad) to 1 (good)
public record Circumstances(
    @Nullable String place,
    List<String> people,
    @Nullable String why,
    @Nullable String how,
    List<String> tags,
    Map<String, String> metadata,
    MemoryType type,
    @Nullable Float decayRate,
    float importance,
    float emotionalValence) {

  public static final float DEFAULT_IMPORTANCE = 0.5f;

  /// Nothing else is known.
  public static final Circumstances NONE =
      new Circumstances(
          null,
          List.of(),
          null,
          null,
          List.of(),
          Map.of(),
          MemoryType.UNSPECIFIED,
          null,
          DEFAULT_IMPORTANCE,
          0f);

  public Circumstances {
    people = List.copyOf(people);
    tags = List.copyOf(tags);
    metadata = Map.copyOf(metadata);
  }

  /// These circumstances with other labels.
  public Circumstances withTags(List<String> labels) {
    return new Circumstances(
        place, people, why, how, labels, metadata, type, decayRate, importance, emotionalValence);
  }
}
