package dev.myelin.client.webhook;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.Paged;
import dev.myelin.client.wire.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// Has a server tell others of what happens. Any thread; calls block, and throw a
/// [dev.myelin.client.model.MyelinException].
public final class Webhooks {
  private static final String ALL = "/v1/webhooks";
  private static final int PAGE = 50;

  /// A delivery may take two minutes.
  private static final Duration PATIENCE_OF_TESTS = Duration.ofSeconds(150);

  private final Http http;

  public Webhooks(Http http) {
    this.http = http;
  }

  private static String one(String id) {
    return ALL + Call.path(id);
  }

  /// Tells of what happens from now on. Its secret is in this answer only.
  public Webhook create(NewWebhook webhook) {
    Call call = Call.post(ALL, WebhookForms.of(webhook)).withIdempotencyKey();
    return WebhookForms.webhook(http.send(call).json());
  }

  /// All webhooks, the oldest first.
  public Paged<Webhook> list() {
    return pages(ALL, "webhooks", WebhookForms::webhook);
  }

  private <T> Paged<T> pages(String path, String member, Function<JsonObject, T> form) {
    return new Paged<>(cursor -> {
      int number = cursor == null ? 1 : Integer.parseInt(cursor);
      Call call = Call.get(path).with("page", number).with("page_size", PAGE);
      JsonObject page = http.send(call).json();
      List<T> items = page.objects(member).stream().map(form).toList();
      boolean last = items.isEmpty() || (long) number * PAGE >= page.number("total");
      return new Paged.Page<>(items, last ? null : Integer.toString(number + 1));
    });
  }

  /// A webhook; status 404 if there is none.
  public Webhook get(String id) {
    return WebhookForms.webhook(http.send(Call.get(one(id))).json());
  }

  public Webhook update(String id, WebhookChange change) {
    return WebhookForms.webhook(http.send(Call.patch(one(id), WebhookForms.of(change))).json());
  }

  /// Deletes a webhook with its log.
  public void delete(String id) {
    var _ = http.send(Call.delete(one(id)));
  }

  /// Makes another secret, which is in this answer only; the old one signs nothing from now on.
  public Webhook rotateSecret(String id) {
    return WebhookForms.webhook(http.send(Call.post(one(id) + "/rotate")).json());
  }

  /// What was tried, the newest first.
  public Paged<Delivery> deliveries(String id) {
    return pages(one(id) + "/deliveries", "deliveries", WebhookForms::delivery);
  }

  /// Sends one event `webhook.test`, and waits for what comes of it.
  public Delivery test(String id) {
    JsonObject told = http.send(Call.post(one(id) + "/test"), PATIENCE_OF_TESTS).json();
    return WebhookForms.delivery(told.object("delivery"));
  }
}
