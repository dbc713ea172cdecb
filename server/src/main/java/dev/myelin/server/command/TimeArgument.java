package dev.myelin.server.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a point in time: `2026-01-31T12:00:00Z`, `2026-01-31` (its first moment here), or how long
/// ago: `90s`, `15m`, `2h`, `7d`.
final class TimeArgument implements ITypeConverter<Instant> {
  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

  private final InstantSource clock;
  private final ZoneId zone;

  TimeArgument() {
    this(InstantSource.system(), ZoneId.systemDefault());
  }

  TimeArgument(InstantSource clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public Instant convert(String text) {
    Matcher ago = AGO.matcher(text);
    try {
      if (ago.matches()) {
        return clock.instant().minus(length(Long.parseLong(ago.group(1)), ago.group(2)));
      }
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay(zone).toInstant();
    } catch (DateTimeException _) {
      throw new TypeConversionException(
          "\"" + text + "\" is no time (expected: 2026-01-31, 2026-01-31T12:00:00Z, 2h or 7d)");
    }
  }

  private static Duration length(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
