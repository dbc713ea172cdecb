package dev.myelin.edge.grpc.call;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header `grpc-timeout`: one to eight digits and a unit.
final class Deadline {
  private static final Pattern FORM = Pattern.compile("[0-9]{1,8}[HMSmun]");
  // Longer than any call lives.
  private static final long MAX_MILLIS = Duration.ofDays(365).toMillis();

  private Deadline() {}

  /// How long the call may take, or -1 if it does not say.
  static long millis(@Nullable String header) {
    if (header == null) {
      return -1;
    }
    if (!FORM.matcher(header).matches()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid grpc-timeout: "
              + Excerpt.of(header)
              + " (expected: 1 to 8 digits and one of H, M, S, m, u, n).");
    }
    int last = header.length() - 1;
    long amount = Long.parseLong(header.substring(0, last));
    TimeUnit unit =
        switch (header.charAt(last)) {
          case 'H' -> TimeUnit.HOURS;
          case 'M' -> TimeUnit.MINUTES;
          case 'S' -> TimeUnit.SECONDS;
          case 'm' -> TimeUnit.MILLISECONDS;
          case 'u' -> TimeUnit.MICROSECONDS;
          default -> TimeUnit.NANOSECONDS;
        };
    return Math.min(unit.toMillis(amount), MAX_MILLIS);
  }
}
