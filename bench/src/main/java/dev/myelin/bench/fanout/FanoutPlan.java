package dev.myelin.bench.fanout;

import java.time.Duration;

/// How many events, how fast, to how many.
///
/// @param listeners connections that hear of every event
/// @param rate events a second
/// @param warmUp published before it is measured
/// @param stuck connections more, which never read
/// @param bytes of an event, for servers that tell what they are told
public record FanoutPlan(
    int listeners, double rate, Duration warmUp, Duration duration, int stuck, int bytes) {
  int eventsBefore() {
    return (int) (rate * warmUp.toMillis() / 1_000);
  }

  int events() {
    return eventsBefore() + (int) (rate * duration.toMillis() / 1_000);
  }
}
