package dev.myelin.edge.channel;

import dev.myelin.edge.rest.RestException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long a client lets the server wait, as `wait=30s`, `wait=500ms` or, in seconds, `wait=30`.
final class Waits {
  /// Longer ones are cut off by what lies between.
  static final Duration MAX = Duration.ofSeconds(60);

  private static final Pattern WAIT = Pattern.compile("([0-9]{1,5})(ms|s)?");

  private Waits() {}

  /// @return zero if there is none
  /// @throws RestException 422 if it is none, or too long
  static Duration of(@Nullable String text) {
    if (text == null) {
      return Duration.ZERO;
    }
    Matcher matcher = WAIT.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration wait =
          "ms".equals(matcher.group(2)) ? Duration.ofMillis(number) : Duration.ofSeconds(number);
      if (wait.compareTo(MAX) <= 0) {
        return wait;
      }
    }
    throw RestException.invalid(
        "wait",
        "is no wait of at most "
            + MAX.toSeconds()
            + " s (expected: such as 30s, or 500ms). Send such a one, or none.");
  }
}
