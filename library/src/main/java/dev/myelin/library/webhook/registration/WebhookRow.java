package dev.myelin.library.webhook.registration;

import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A webhook as the journal keeps it, as JSON. The secret is kept as it is, because it has to sign.
record WebhookRow(Webhook webhook, String secret) {

  WebhookRow with(Webhook other) {
    return new WebhookRow(other, secret);
  }

  byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("id", webhook.id());
    json.put("tenant", webhook.tenant());
    json.put("url", webhook.url().toString());
    json.put("events", webhook.events().patterns());
    json.put("library", webhook.library());
    json.put("description", webhook.description());
    json.put("max_retries", webhook.policy().maxRetries());
    json.put("retry_delay", webhook.policy().retryDelay().toMillis());
    json.put("timeout", webhook.policy().timeout().toMillis());
    json.put("status", webhook.status().word());
    json.put("status_reason", webhook.statusReason());
    json.put("generation", webhook.generation());
    json.put("created_at", webhook.createdAt().toEpochMilli());
    json.put("updated_at", webhook.updatedAt().toEpochMilli());
    json.put("secret", secret);
    return Json.write(json);
  }

  static WebhookRow decode(byte[] row) {
    Fields fields = Fields.read(row);
    Webhook webhook =
        new Webhook(
            fields.text("id"),
            fields.text("tenant"),
            URI.create(fields.text("url")),
            new EventPatterns(fields.texts("events")),
            fields.textOrNull("library"),
            fields.textOrNull("description"),
            new DeliveryPolicy(
                (int) fields.number("max_retries"),
                Duration.ofMillis(fields.number("retry_delay")),
                Duration.ofMillis(fields.number("timeout"))),
            WebhookStatus.valueOf(fields.text("status").toUpperCase(Locale.ROOT)),
            fields.textOrNull("status_reason"),
            (int) fields.number("generation"),
            fields.time("created_at"),
            fields.time("updated_at"));
    return new WebhookRow(webhook, fields.text("secret"));
  }

  @Override
  public String toString() {
    return "WebhookRow[" + webhook.id() + "]";
  }
}
