package dev.myelin.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One memory of an answer.
///
/// @param similarity likeness to the cue: cosine, -1 to 1, or for words alone the share of the best
///   score; NaN where no cue ranked it
/// @param activation how present it is after decay, 0 to 1
/// @param when when it happened
/// @param committedAt when it became durable
/// @param embedding its meaning; empty unless the query asked for it
public record RecalledMemory(
    String id,
    String content,
    float similarity,
    float activation,
    float confidence,
    @Nullable Instant when,
    @Nullable Instant committedAt,
    List<String> tags,
    List<String> people,
    @Nullable String place,
    Map<String, String> metadata,
    Embedding embedding) {
  public RecalledMemory {
    tags = List.copyOf(tags);
    people = List.copyOf(people);
    metadata = Map.copyOf(metadata);
  }
}
