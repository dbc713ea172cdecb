package dev.myelin.library.webhook.registration;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An address that is told of what happens in libraries.
///
/// @param id a UUID
/// @param library the one it is told of, null for all of the tenant
/// @param statusReason why it does not deliver, for people; null while it does
/// @param generation grows when somebody resumes it or changes its URL
public record Webhook(
    String id,
    String tenant,
    URI url,
    EventPatterns events,
    @Nullable String library,
    @Nullable String description,
    DeliveryPolicy policy,
    WebhookStatus status,
    @Nullable String statusReason,
    int generation,
    Instant createdAt,
    Instant updatedAt) {

  public boolean isActive() {
    return status == WebhookStatus.ACTIVE;
  }

  /// Whether it is told of that library of its tenant.
  public boolean covers(String name) {
    return library == null || library.equals(name);
  }

  /// Whom it calls: what is slow there is slow for all that call it.
  public String target() {
    return url.getHost() + ":" + url.getPort();
  }

  Webhook with(WebhookStatus other, @Nullable String reason, Instant now) {
    boolean resumed = other == WebhookStatus.ACTIVE && status != WebhookStatus.ACTIVE;
    return new Webhook(
        id,
        tenant,
        url,
        events,
        library,
        description,
        policy,
        other,
        reason,
        resumed ? generation + 1 : generation,
        createdAt,
        now);
  }
}
