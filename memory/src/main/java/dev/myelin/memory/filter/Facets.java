package dev.myelin.memory.filter;

import dev.myelin.model.Memory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one memory can be filtered by.
///
/// @param offset the memory's commit number
/// @param when and committed in microseconds since 1970
/// @param people and place in lower case
public record Facets(
    long offset,
    long when,
    long committed,
    float confidence,
    List<String> tags,
    List<String> people,
    @Nullable String place,
    Map<String, String> metadata) {

  public static Facets of(Memory memory) {
    return new Facets(
        memory.offset(),
        micros(memory.when()),
        micros(memory.committedAt()),
        memory.confidence().value(),
        memory.circumstances().tags(),
        lower(memory.circumstances().people()),
        lower(memory.circumstances().place()),
        memory.circumstances().metadata());
  }

  /// Microseconds since 1970, rounded down: exact for 290 000 years, clamped beyond.
  public static long micros(Instant time) {
    try {
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    } catch (ArithmeticException _) {
      return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  static List<String> lower(List<String> texts) {
    if (texts.isEmpty()) {
      return texts;
    }
    List<String> lower = new ArrayList<>(texts.size());
    for (String text : texts) {
      lower.add(text.toLowerCase(Locale.ROOT));
    }
    return lower;
  }
}
