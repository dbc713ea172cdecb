package dev.myelin.bench.stream;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `60s`, `5m`, `500ms`, or a number of seconds.
public final class Seconds implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,7})(ms|s|m|)");

  /// For picocli.
  public Seconds() {}

  @Override
  public Duration convert(String value) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches()) {
      throw new TypeConversionException(value + " (expected: a time such as 60s, 5m or 500ms)");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofSeconds(number);
    };
  }
}
