package dev.myelin.edge.webhook;

import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.library.webhook.registration.DeliveryPolicy;
import dev.myelin.library.webhook.registration.NewWebhook;
import dev.myelin.library.webhook.registration.WebhookPatch;
import dev.myelin.library.webhook.registration.WebhookStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads what clients say of webhooks.
final class WebhookReader {
  private static final int MAX_URL = 2_048;
  private static final int MAX_EVENTS = 64;
  private static final int MAX_EVENT = 64;
  private static final int MAX_DESCRIPTION = 1_000;
  private static final int MIN_SECRET = 16;
  private static final int MAX_SECRET = 256;
  private static final int UNSET = -1;

  private WebhookReader() {}

  static NewWebhook webhook(JsonObject json) {
    List<String> events = events(json);
    if (events == null) {
      throw json.invalid("events", "is missing (expected: a list of names, or [\"*\"]).");
    }
    DeliveryPolicy usual = DeliveryPolicy.DEFAULT;
    return new NewWebhook(
        json.text("url", 1, MAX_URL),
        events,
        json.textOrNull("library_id", 1, MAX_EVENT),
        json.textOrNull("description", 0, MAX_DESCRIPTION),
        secret(json),
        new DeliveryPolicy(
            (int) json.integer("max_retries", 0, 10, usual.maxRetries()),
            seconds(json, "retry_delay_seconds", 3_600, usual.retryDelay()),
            seconds(json, "timeout_seconds", 120, usual.timeout())));
  }

  private static @Nullable List<String> events(JsonObject json) {
    return json.texts("events", MAX_EVENTS, 1, MAX_EVENT);
  }

  static @Nullable String secret(JsonObject json) {
    return json.textOrNull("secret", MIN_SECRET, MAX_SECRET);
  }

  private static Duration seconds(JsonObject json, String name, int most, Duration otherwise) {
    return Duration.ofSeconds(json.integer(name, 1, most, otherwise.toSeconds()));
  }

  static WebhookPatch patch(JsonObject json) {
    for (String fixed : List.of("library_id", "secret")) {
      if (json.has(fixed)) {
        throw json.invalid(
            fixed,
            fixed.equals("secret")
                ? "is changed by POST /v1/webhooks/{webhook_id}/rotate."
                : "cannot be changed. Make another webhook.");
      }
    }
    int retries = (int) json.integer("max_retries", 0, 10, UNSET);
    return new WebhookPatch(
        json.textOrNull("url", 1, MAX_URL),
        events(json),
        json.textOrNull("description", 0, MAX_DESCRIPTION),
        status(json),
        retries == UNSET ? null : retries,
        secondsOrNull(json, "retry_delay_seconds", 3_600),
        secondsOrNull(json, "timeout_seconds", 120));
  }

  private static @Nullable Duration secondsOrNull(JsonObject json, String name, int most) {
    long seconds = json.integer(name, 1, most, UNSET);
    return seconds == UNSET ? null : Duration.ofSeconds(seconds);
  }

  private static @Nullable WebhookStatus status(JsonObject json) {
    String name = json.textOrNull("status", 0, MAX_EVENT);
    if (name == null) {
      return null;
    }
    for (WebhookStatus status : WebhookStatus.values()) {
      if (status.word().equals(name.toLowerCase(Locale.ROOT))) {
        return status;
      }
    }
    throw json.invalid("status", "is none (expected: active, paused or disabled).");
  }
}
