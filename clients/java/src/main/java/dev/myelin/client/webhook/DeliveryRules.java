package dev.myelin.client.webhook;

import org.jspecify.annotations.Nullable;

/// How a webhook is delivered; null leaves it to the server, or as it is.
///
/// @param maxRetries how often an event is tried again before the webhook may be paused, 0 to 10
/// @param retryDelaySeconds after the first failure, doubled after each further one, 1 to 3 600
/// @param timeoutSeconds how long the other side may take, 1 to 120
public record DeliveryRules(
    @Nullable Integer maxRetries,
    @Nullable Integer retryDelaySeconds,
    @Nullable Integer timeoutSeconds) {
  public static final DeliveryRules USUAL = new DeliveryRules(null, null, null);
}
