package dev.myelin.server.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Times as people write them: 100ms, 30s, 5m, 1h, 2d, or ISO 8601.
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,15}) *(ms|s|m|h|d)");

  private Durations() {}

  /// The time in a text, null if it is none.
  ///
  /// @throws java.time.format.DateTimeParseException if it is ISO 8601 and wrong
  public static @Nullable Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (!matcher.matches()) {
      return text.startsWith("P") ? Duration.parse(text) : null;
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  static String format(Duration value) {
    long millis = value.toMillis();
    if (millis % 1_000 != 0 || millis == 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
