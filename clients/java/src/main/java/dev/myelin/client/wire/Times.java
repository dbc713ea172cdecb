package dev.myelin.client.wire;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/// Points in time, as protobuf has them.
public final class Times {
  private Times() {}

  public static Timestamp of(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  public static Instant of(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
