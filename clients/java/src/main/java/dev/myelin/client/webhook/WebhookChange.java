package dev.myelin.client.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to change of a webhook; null stays as it is. Immutable.
///
/// @param status ACTIVE goes on at once from where it stood
public record WebhookChange(
    @Nullable String url,
    @Nullable List<String> events,
    @Nullable String description,
    @Nullable WebhookStatus status,
    DeliveryRules rules) {
  /// Changes nothing yet: the start of every change.
  public static final WebhookChange NONE =
      new WebhookChange(null, null, null, null, DeliveryRules.USUAL);

  public WebhookChange {
    events = events == null ? null : List.copyOf(events);
  }

  public WebhookChange withUrl(String other) {
    return new WebhookChange(other, events, description, status, rules);
  }

  public WebhookChange withEvents(String... names) {
    return new WebhookChange(url, List.of(names), description, status, rules);
  }

  public WebhookChange withDescription(String text) {
    return new WebhookChange(url, events, text, status, rules);
  }

  public WebhookChange withStatus(WebhookStatus other) {
    return new WebhookChange(url, events, description, other, rules);
  }

  public WebhookChange withRules(DeliveryRules other) {
    return new WebhookChange(url, events, description, status, other);
  }
}
