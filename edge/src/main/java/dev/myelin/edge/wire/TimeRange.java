package dev.myelin.edge.wire;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.proto.engram.v1.RelativeDirection;
import dev.myelin.proto.engram.v1.TemporalCue;
import dev.myelin.proto.engram.v1.TimeUnit;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// The range of time that a temporal cue tells.
record TimeRange(Instant from, Instant to) {

  static TimeRange of(TemporalCue cue, Instant now) {
    Instant reference =
        cue.hasReferenceTime()
            ? Timestamps.read(cue.getReferenceTime(), "reference_time", ErrorCode.INVALID_CUE)
            : now;
    return switch (cue.getPattern().getPatternCase()) {
      case INTERVAL -> {
        var interval = cue.getPattern().getInterval();
        yield new TimeRange(
            move(reference, -positive(interval.getValue()), interval.getUnit()), reference);
      }
      case RELATIVE -> {
        var relative = cue.getPattern().getRelative();
        int span = positive(relative.getOffset());
        yield beside(reference, span, relative.getUnit(), relative.getDirection());
      }
      case CRON_EXPRESSION ->
          throw new ServiceException(
              ErrorCode.UNSUPPORTED,
              "Cron expressions are not supported."
                  + " Use a relative time, an interval, or a context cue with a time range.");
      case PATTERN_NOT_SET ->
          throw Cues.invalid("its temporal pattern is empty (expected: interval or relative)");
    };
  }

  private static TimeRange beside(
      Instant reference, int span, TimeUnit unit, RelativeDirection direction) {
    return switch (direction) {
      case RELATIVE_DIRECTION_AFTER -> new TimeRange(reference, move(reference, span, unit));
      case RELATIVE_DIRECTION_AROUND ->
          new TimeRange(move(reference, -span, unit), move(reference, span, unit));
      case RELATIVE_DIRECTION_BEFORE, RELATIVE_DIRECTION_UNSPECIFIED, UNRECOGNIZED ->
          new TimeRange(move(reference, -span, unit), reference);
    };
  }

  private static int positive(int value) {
    if (value < 1) {
      throw Cues.invalid("its time span is " + value + " (expected: 1 or more units)");
    }
    return value;
  }

  private static Instant move(Instant time, long amount, TimeUnit unit) {
    try {
      return time.atOffset(ZoneOffset.UTC).plus(amount, chrono(unit)).toInstant();
    } catch (DateTimeException | ArithmeticException _) {
      throw Cues.invalid("its time span is " + Math.abs(amount) + " units: more than time has");
    }
  }

  private static ChronoUnit chrono(TimeUnit unit) {
    return switch (unit) {
      case TIME_UNIT_SECONDS -> ChronoUnit.SECONDS;
      case TIME_UNIT_MINUTES -> ChronoUnit.MINUTES;
      case TIME_UNIT_HOURS -> ChronoUnit.HOURS;
      case TIME_UNIT_DAYS -> ChronoUnit.DAYS;
      case TIME_UNIT_WEEKS -> ChronoUnit.WEEKS;
      case TIME_UNIT_MONTHS -> ChronoUnit.MONTHS;
      case TIME_UNIT_YEARS -> ChronoUnit.YEARS;
      case TIME_UNIT_UNSPECIFIED, UNRECOGNIZED ->
          throw Cues.invalid("its time unit is missing (expected: seconds to years)");
    };
  }
}
