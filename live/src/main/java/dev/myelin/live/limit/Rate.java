package dev.myelin.live.limit;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How often something may happen in the long run, and how often at once.
///
/// @param limit how often per window; 0 means as often as one likes
/// @param burst how often at once, after having waited long enough
public record Rate(long limit, Duration window, long burst) {
  /// As often as one likes.
  public static final Rate UNLIMITED = new Rate(0, Duration.ofSeconds(1), 0);

  private static final String OFF = "off";
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,12})\\s*/\\s*(\\d{1,6})\\s*(ms|s|m|h)(?:\\s+burst\\s+(\\d{1,12}))?");

  public Rate {
    if (limit < 0 || (limit > 0 && burst < 1)) {
      throw new IllegalArgumentException(
          "rate: " + limit + " with a burst of " + burst + " (expected: 1 or more of each)");
    }
    if (window.toMillis() < 1 || window.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "window of a rate: " + window + " (expected: 1 ms to one day)");
    }
  }

  /// So often per seconds.
  public static Rate perSeconds(long limit, int seconds, long burst) {
    return new Rate(limit, Duration.ofSeconds(seconds), burst);
  }

  /// Reads what [#toString()] writes: `10/60s burst 5`, or `off`. Without a burst, all of it may
  /// come at once.
  ///
  /// @throws IllegalArgumentException if it is not a rate
  public static Rate parse(String text) {
    if (text.strip().equals(OFF)) {
      return UNLIMITED;
    }
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()
        || Long.parseLong(form.group(1)) == 0
        || Long.parseLong(form.group(2)) == 0) {
      throw new IllegalArgumentException(
          "rate: " + text + " (expected: a rate such as 10/60s burst 5, or off)");
    }
    long limit = Long.parseLong(form.group(1));
    long burst = form.group(4) == null ? limit : Long.parseLong(form.group(4));
    return new Rate(limit, window(Long.parseLong(form.group(2)), form.group(3)), burst);
  }

  private static Duration window(long count, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }

  public boolean isUnlimited() {
    return limit == 0;
  }

  /// How long it takes until a full burst is there again, from nothing.
  Duration refill() {
    return isUnlimited()
        ? Duration.ZERO
        : Duration.ofNanos(Math.ceilDiv(Math.multiplyExact(window.toNanos(), burst), limit));
  }

  @Override
  public String toString() {
    if (isUnlimited()) {
      return OFF;
    }
    long millis = window.toMillis();
    String per = millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    return limit + "/" + per + " burst " + burst;
  }
}
