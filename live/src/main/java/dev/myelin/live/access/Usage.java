package dev.myelin.live.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How much something was used. Up to a minute of it is lost with a crash.
public record Usage(@Nullable Instant lastUsedAt, long requests) {
  static final Usage NONE = new Usage(null, 0);
}
