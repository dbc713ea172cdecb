package dev.myelin.library.webhook;

import dev.myelin.library.webhook.WebhookSender.Answered;
import dev.myelin.library.webhook.WebhookSender.Post;
import dev.myelin.library.webhook.WebhookSender.Reply;
import dev.myelin.library.webhook.WebhookSender.Unanswered;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.ledger.DeliveryStatus;
import dev.myelin.library.webhook.registration.Webhook;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Signs a message, sends it once, and says what came of it. Blocks; any virtual thread.
final class Courier {
  private static final int MAX_BODY = 1_000;
  private static final int MAX_ERROR = 500;

  private final WebhookSender sender;
  private final InstantSource clock;
  private final Counter successes;
  private final Counter failures;

  Courier(WebhookSender sender, InstantSource clock, MeterRegistry meters) {
    this.sender = sender;
    this.clock = clock;
    this.successes = counter(meters, "success");
    this.failures = counter(meters, "failure");
  }

  private static Counter counter(MeterRegistry meters, String outcome) {
    return Counter.builder("myelin.webhook.deliveries")
        .description("Attempts to deliver an event to a webhook, by what came of them")
        .tag("outcome", outcome)
        .register(meters);
  }

  /// One attempt.
  ///
  /// @param error why it failed, null if it did not
  /// @param retryAfter the header `Retry-After`, null if there is none
  record Attempt(
      Instant at,
      long millis,
      Delivery.@Nullable Answer answer,
      @Nullable String error,
      @Nullable String retryAfter) {

    boolean succeeded() {
      return error == null;
    }

    /// This attempt as the log has it.
    Delivery logged(Message message, DeliveryStatus status, int number, @Nullable Instant nextAt) {
      return new Delivery(
          UUID.randomUUID().toString(),
          message.eventId(),
          message.type(),
          message.library(),
          message.offset(),
          status,
          number,
          at,
          answer,
          error,
          millis,
          nextAt);
    }
  }

  Attempt deliver(Webhook webhook, String secret, Message message) throws InterruptedException {
    Instant at = clock.instant();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", "Myelin-Webhooks/1.0");
    headers.put("X-Webhook-ID", webhook.id());
    headers.put("X-Event-ID", message.eventId());
    headers.put("X-Event-Type", message.type());
    headers.put("X-Webhook-Signature", Signatures.plain(secret, message.body()));
    headers.put("X-Webhook-Signature-Timed", Signatures.timed(secret, at, message.body()));
    long began = System.nanoTime();
    Reply reply =
        sender.send(new Post(webhook.url(), headers, message.body(), webhook.policy().timeout()));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    Attempt attempt = attempt(at, millis, reply);
    (attempt.succeeded() ? successes : failures).increment();
    return attempt;
  }

  private static Attempt attempt(Instant at, long millis, Reply reply) {
    return switch (reply) {
      case Answered answered -> {
        int status = answered.status();
        yield new Attempt(
            at,
            millis,
            new Delivery.Answer(status, cut(answered.body(), MAX_BODY)),
            status >= 200 && status < 300 ? null : error(status),
            answered.retryAfter());
      }
      case Unanswered unanswered ->
          new Attempt(at, millis, null, cut(unanswered.reason(), MAX_ERROR), null);
    };
  }

  private static String error(int status) {
    return "The target answered "
        + status
        + " (expected: 200 to 299"
        + (status / 100 == 3 ? "; redirects are not followed" : "")
        + ").";
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    // Half a character could not be written down.
    boolean splits = Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, splits ? most - 1 : most);
  }
}
