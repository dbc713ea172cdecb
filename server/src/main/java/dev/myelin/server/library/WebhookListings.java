package dev.myelin.server.library;

import dev.myelin.client.webhook.Delivery;
import dev.myelin.client.webhook.Webhook;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.Listing;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.util.List;
import java.util.Locale;

/// How webhooks and what was delivered to them are shown.
final class WebhookListings {
  static final Listing<Webhook> WEBHOOKS =
      new Listing<>(
          "There is no webhook yet. Make one: ./myelin webhooks create URL",
          List.of("WEBHOOK", "STATUS", "LIBRARY", "EVENTS", "URL"),
          4,
          webhook ->
              List.of(
                  webhook.id(),
                  status(webhook),
                  webhook.libraryId() == null ? "(all)" : webhook.libraryId(),
                  String.join(",", webhook.events()),
                  TextTable.flat(webhook.url())),
          WebhookListings::fields);

  static final Listing<Delivery> DELIVERIES =
      new Listing<>(
          "Nothing was delivered yet.",
          List.of("AT", "EVENT", "OFFSET", "ATTEMPT", "STATUS", "ANSWER"),
          5,
          one ->
              List.of(
                  Times.minute(one.attemptedAt()),
                  one.eventType(),
                  Long.toString(one.offset()),
                  Integer.toString(one.attempt()),
                  one.status(),
                  TextTable.flat(answer(one))),
          WebhookListings::fields);

  private WebhookListings() {}

  private static String answer(Delivery one) {
    return one.error() != null ? one.error() : String.valueOf(one.statusCode());
  }

  private static String status(Webhook webhook) {
    return webhook.status().name().toLowerCase(Locale.ROOT);
  }

  static JsonLine fields(Webhook webhook) {
    return new JsonLine()
        .put("id", webhook.id())
        .put("url", webhook.url())
        .put("events", webhook.events())
        .put("library_id", webhook.libraryId())
        .put("description", webhook.description())
        .put("status", status(webhook))
        .put("status_reason", webhook.statusReason())
        .put("created_at", webhook.createdAt());
  }

  private static JsonLine fields(Delivery one) {
    JsonLine line =
        new JsonLine()
            .put("event_id", one.eventId())
            .put("event_type", one.eventType())
            .put("offset", one.offset())
            .put("status", one.status())
            .put("attempt", one.attempt())
            .put("attempted_at", one.attemptedAt())
            .put("error", one.error())
            .put("next_retry_at", one.nextRetryAt());
    Integer answered = one.statusCode();
    return answered == null ? line : line.put("status_code", answered);
  }
}
