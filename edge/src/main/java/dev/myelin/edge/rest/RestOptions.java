package dev.myelin.edge.rest;

import java.time.Duration;

/// The bounds of HTTP requests.
///
/// @param maxBodyBytes longest body, as it comes and as it is inflated
/// @param maxBodyBytesHeld of all bodies in memory at the same time
/// @param maxRequests at work at the same time
/// @param maxStreams long answers and long bodies at the same time
/// @param readTimeout how long a client may send nothing of its body
/// @param writeTimeout how long a client may read nothing of its answer
/// @param commentInterval pause after which an event stream says that it is alive
/// @param maxIdempotencyKeys remembered at the same time; the oldest go first
public record RestOptions(
    long maxBodyBytes,
    long maxBodyBytesHeld,
    int maxRequests,
    int maxStreams,
    Duration readTimeout,
    Duration writeTimeout,
    Duration commentInterval,
    int maxIdempotencyKeys) {
  public static final RestOptions DEFAULT =
      new RestOptions(
          100L * 1024 * 1024,
          256L * 1024 * 1024,
          256,
          4_096,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          100_000);

  public RestOptions {
    require("maxBodyBytes", maxBodyBytes);
    require("maxRequests", maxRequests);
    require("maxStreams", maxStreams);
    require("maxIdempotencyKeys", maxIdempotencyKeys);
    require("readTimeout", readTimeout.toMillis());
    require("writeTimeout", writeTimeout.toMillis());
    require("commentInterval", commentInterval.toMillis());
    if (maxBodyBytesHeld < maxBodyBytes) {
      throw new IllegalArgumentException(
          "maxBodyBytesHeld: "
              + maxBodyBytesHeld
              + " (expected: maxBodyBytes, "
              + maxBodyBytes
              + ", or more)");
    }
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: more than 0)");
    }
  }
}
