package dev.myelin.client.webhook;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A webhook.
///
/// @param libraryId null for all of the tenant's libraries
/// @param secret what deliveries are signed with: only in the answer that made or rotated it
/// @param statusReason why it is not active, if the server paused it
public record Webhook(
    String id,
    String url,
    List<String> events,
    @Nullable String libraryId,
    @Nullable String description,
    @Nullable String secret,
    WebhookStatus status,
    @Nullable String statusReason,
    DeliveryRules rules,
    Instant createdAt) {
  public Webhook {
    events = List.copyOf(events);
  }

  @Override
  public String toString() {
    return "Webhook["
        + id
        + ", "
        + url
        + ", "
        + events
        + ", "
        + status
        + (secret == null ? "]" : ", with its secret]");
  }
}
