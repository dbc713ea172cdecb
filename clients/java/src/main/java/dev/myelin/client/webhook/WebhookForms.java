package dev.myelin.client.webhook;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.client.http.JsonBody;
import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Webhooks as JSON.
final class WebhookForms {
  private WebhookForms() {}

  static byte[] of(NewWebhook webhook) {
    return JsonBody.object(json -> {
      json.writeStringField("url", webhook.url());
      JsonBody.put(json, "events", webhook.events());
      JsonBody.put(json, "library_id", webhook.libraryId());
      JsonBody.put(json, "description", webhook.description());
      JsonBody.put(json, "secret", webhook.secret());
      rules(json, webhook.rules());
    });
  }

  static byte[] of(WebhookChange change) {
    return JsonBody.object(json -> {
      JsonBody.put(json, "url", change.url());
      JsonBody.put(json, "events", change.events());
      JsonBody.put(json, "description", change.description());
      JsonBody.put(json, "status", change.status() == null ? null : change.status().word());
      rules(json, change.rules());
    });
  }

  private static void rules(JsonGenerator json, DeliveryRules rules) throws IOException {
    JsonBody.put(json, "max_retries", rules.maxRetries());
    JsonBody.put(json, "retry_delay_seconds", rules.retryDelaySeconds());
    JsonBody.put(json, "timeout_seconds", rules.timeoutSeconds());
  }

  static Webhook webhook(JsonObject json) {
    return new Webhook(
        json.text("id"),
        json.text("url"),
        json.texts("events"),
        json.textOrNull("library_id"),
        json.textOrNull("description"),
        json.textOrNull("secret"),
        WebhookStatus.of(json.text("status")),
        json.textOrNull("status_reason"),
        new DeliveryRules(
            number(json, "max_retries"),
            number(json, "retry_delay_seconds"),
            number(json, "timeout_seconds")),
        Objects.requireNonNullElse(json.time("created_at"), Instant.EPOCH));
  }

  static Delivery delivery(JsonObject json) {
    return new Delivery(
        json.text("id"),
        json.text("event_id"),
        json.text("event_type"),
        json.number("offset"),
        json.text("status"),
        (int) json.number("attempt_number"),
        Objects.requireNonNullElse(json.time("attempted_at"), Instant.EPOCH),
        number(json, "status_code"),
        json.textOrNull("error_message"),
        json.time("next_retry_at"));
  }

  private static @Nullable Integer number(JsonObject json, String name) {
    return json.has(name) ? (int) json.number(name) : null;
  }
}
