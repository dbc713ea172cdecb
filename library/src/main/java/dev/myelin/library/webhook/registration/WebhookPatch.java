package dev.myelin.library.webhook.registration;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What changes of a webhook; null leaves something as it is.
public record WebhookPatch(
    @Nullable String url,
    @Nullable List<String> events,
    @Nullable String description,
    @Nullable WebhookStatus status,
    @Nullable Integer maxRetries,
    @Nullable Duration retryDelay,
    @Nullable Duration timeout) {

  DeliveryPolicy policy(DeliveryPolicy before) {
    return new DeliveryPolicy(
        maxRetries == null ? before.maxRetries() : maxRetries,
        retryDelay == null ? before.retryDelay() : retryDelay,
        timeout == null ? before.timeout() : timeout);
  }
}
