package dev.myelin.edge.webhook;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.ledger.Figures;
import dev.myelin.library.webhook.registration.Webhook;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Webhooks and their deliveries as JSON.
final class WebhookJson {
  private WebhookJson() {}

  /// @param secret null once it was shown
  static void webhook(JsonGenerator json, Webhook webhook, Figures figures, @Nullable String secret)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", webhook.id());
    json.writeStringField("tenant_id", webhook.tenant());
    json.writeStringField("url", webhook.url().toString());
    json.writeArrayFieldStart("events");
    for (String pattern : webhook.events().patterns()) {
      json.writeString(pattern);
    }
    json.writeEndArray();
    json.writeStringField("library_id", webhook.library());
    json.writeStringField("secret", secret);
    json.writeStringField("status", webhook.status().word());
    json.writeStringField("status_reason", webhook.statusReason());
    json.writeStringField("description", webhook.description());
    json.writeNumberField("max_retries", webhook.policy().maxRetries());
    json.writeNumberField("retry_delay_seconds", webhook.policy().retryDelay().toSeconds());
    json.writeNumberField("timeout_seconds", webhook.policy().timeout().toSeconds());
    time(json, "created_at", webhook.createdAt());
    time(json, "updated_at", webhook.updatedAt());
    counts(json, figures);
    json.writeEndObject();
  }

  private static void counts(JsonGenerator json, Figures figures) throws IOException {
    time(json, "last_triggered_at", figures.lastTriggeredAt());
    json.writeNumberField("total_deliveries", figures.attempts());
    json.writeNumberField("successful_deliveries", figures.successful());
    json.writeNumberField("failed_deliveries", figures.failed());
  }

  static void statistics(JsonGenerator json, Webhook webhook, Figures figures) throws IOException {
    json.writeStartObject();
    json.writeStringField("webhook_id", webhook.id());
    counts(json, figures);
    json.writeNumberField("success_rate", figures.successRate());
    json.writeEndObject();
  }

  static void delivery(JsonGenerator json, Webhook webhook, Delivery delivery) throws IOException {
    Delivery.Answer answer = delivery.answer();
    json.writeStartObject();
    json.writeStringField("id", delivery.id());
    json.writeStringField("webhook_id", webhook.id());
    json.writeStringField("event_id", delivery.eventId());
    json.writeStringField("event_type", delivery.eventType());
    json.writeStringField("library_id", delivery.library());
    json.writeNumberField("offset", delivery.offset());
    json.writeStringField("status", delivery.status().word());
    json.writeNumberField("attempt_number", delivery.attempt());
    time(json, "attempted_at", delivery.attemptedAt());
    if (answer == null) {
      json.writeNullField("status_code");
      json.writeNullField("response_body");
    } else {
      json.writeNumberField("status_code", answer.status());
      json.writeStringField("response_body", answer.body());
    }
    json.writeStringField("error_message", delivery.error());
    json.writeNumberField("duration_ms", delivery.durationMillis());
    time(json, "next_retry_at", delivery.nextAt());
    json.writeEndObject();
  }

  private static void time(JsonGenerator json, String name, @Nullable Instant time)
      throws IOException {
    json.writeStringField(name, time == null ? null : time.toString());
  }
}
