package dev.myelin.edge.wire;

import com.google.protobuf.Timestamp;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Instant;

/// Points in time.
public final class Timestamps {
  // The range that protobuf gives a Timestamp: the years 1 to 9999.
  private static final long MIN_SECONDS = -62_135_596_800L;
  private static final long MAX_SECONDS = 253_402_300_799L;

  private Timestamps() {}

  public static Timestamp of(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  /// The time that a message names.
  ///
  /// @param field its name, for the error
  /// @param code the error of a time that does not exist
  public static Instant read(Timestamp time, String field, ErrorCode code) {
    if (time.getSeconds() < MIN_SECONDS
        || time.getSeconds() > MAX_SECONDS
        || time.getNanos() < 0
        || time.getNanos() > 999_999_999) {
      throw new ServiceException(
          code,
          "Invalid "
              + field
              + ": "
              + time.getSeconds()
              + " s and "
              + time.getNanos()
              + " ns (expected: a time of the years 1 to 9999, nanoseconds 0 to 999999999)."
              + " Correct the time, or leave it out.");
    }
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
