package dev.myelin.library.webhook.registration;

import java.time.Duration;

/// How patient a webhook is.
///
/// @param maxRetries how often an event is tried again before the webhook may be paused, 0 to 10
/// @param retryDelay after the first failure, 1 s to 1 h; doubled after each further one
/// @param timeout for an attempt, from connecting to the head of the answer, 1 s to 2 min
public record DeliveryPolicy(int maxRetries, Duration retryDelay, Duration timeout) {
  public static final DeliveryPolicy DEFAULT =
      new DeliveryPolicy(3, Duration.ofSeconds(60), Duration.ofSeconds(30));
}
