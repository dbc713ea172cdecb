package dev.myelin.library.webhook;

import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.webhook.Courier.Attempt;
import dev.myelin.library.webhook.Turns.Idle;
import dev.myelin.library.webhook.Turns.More;
import dev.myelin.library.webhook.Turns.NotBefore;
import dev.myelin.library.webhook.Turns.Outcome;
import dev.myelin.library.webhook.Upcoming.Event;
import dev.myelin.library.webhook.Upcoming.Gap;
import dev.myelin.library.webhook.Upcoming.Nothing;
import dev.myelin.library.webhook.Upcoming.Over;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.ledger.DeliveryStatus;
import dev.myelin.library.webhook.ledger.Failures;
import dev.myelin.library.webhook.ledger.Ledger;
import dev.myelin.library.webhook.ledger.Place;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookBook;
import dev.myelin.library.webhook.registration.WebhookStatus;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a webhook what happened in one library, event by event: the next one only when the target
/// has answered the one before with 2xx, and that is durable. Blocks; one virtual thread for a
/// lane.
final class Round {
  private static final Logger LOG = LoggerFactory.getLogger(Round.class);

  /// How many events are told in one turn, before others have theirs.
  private static final int EVENTS_A_TURN = 32;

  /// After a failure that is not the target's.
  private static final Duration OWN_TROUBLE = Duration.ofSeconds(5);

  private final WebhookBook book;
  private final Ledger ledger;
  private final Upcoming upcoming;
  private final Courier courier;
  private final Terms terms;

  /// Under which deliveries are made.
  ///
  /// @param lives whether a tenant has not ended
  record Terms(
      Backoff backoff, Duration pauseAfter, Predicate<String> lives, InstantSource clock) {}

  Round(WebhookBook book, Ledger ledger, Upcoming upcoming, Courier courier, Terms terms) {
    this.book = book;
    this.ledger = ledger;
    this.upcoming = upcoming;
    this.courier = courier;
    this.terms = terms;
  }

  /// One turn; never throws.
  Outcome run(Lane lane) {
    try {
      return turn(lane);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Idle();
    } catch (RuntimeException e) { // a lane that ended here would be stuck
      lane.forgetPage();
      boolean expected = e instanceof ServiceException failure && failure.code().isTemporary();
      (expected ? LOG.atDebug() : LOG.atError())
          .setCause(e)
          .addKeyValue("webhook", lane.id().webhook())
          .log("events could not be told to a webhook; tried again soon");
      return new NotBefore(terms.clock().instant().plus(OWN_TROUBLE));
    }
  }

  private Outcome turn(Lane lane) throws InterruptedException {
    for (int i = 0; i < EVENTS_A_TURN; i++) {
      Webhook webhook = book.find(lane.id().webhook()).filter(Webhook::isActive).orElse(null);
      if (webhook == null || !terms.lives().test(webhook.tenant())) {
        return new Idle();
      }
      Place place = place(webhook, lane);
      Instant due = place.failures().of(webhook.generation()).nextAt();
      if (due.isAfter(terms.clock().instant())) {
        return new NotBefore(due);
      }
      Outcome end = step(webhook, lane, place);
      if (end != null) {
        return end;
      }
    }
    return new More();
  }

  private Place place(Webhook webhook, Lane lane) {
    Place known = lane.place();
    if (known != null) {
      return known;
    }
    Place kept = ledger.place(webhook.id(), lane.id().library().name());
    Place place = kept == null ? Place.NONE : kept;
    lane.saved(place);
    return place;
  }

  /// Null to go on.
  private @Nullable Outcome step(Webhook webhook, Lane lane, Place place)
      throws InterruptedException {
    return switch (upcoming.next(webhook, lane, place)) {
      case Event event -> deliver(webhook, lane, place.failures(), event);
      case Gap gap -> {
        note(webhook, lane, gap);
        yield null;
      }
      case Nothing nothing -> {
        lane.reached(nothing.after());
        if (nothing.isEnd()) {
          save(webhook, lane);
        }
        yield nothing.isEnd() ? new Idle() : null;
      }
      case Over over -> {
        lane.reached(over.after());
        if (over.after().equals(place)) {
          yield new Idle();
        }
        save(webhook, lane);
        end(webhook, lane.id().library().name());
        yield null; // there may be another library of that id by now
      }
    };
  }

  private void save(Webhook webhook, Lane lane) {
    Place place = lane.place();
    if (place != null && !lane.isSaved()) {
      ledger.put(webhook.id(), lane.id().library().name(), place);
      lane.saved(place);
    }
  }

  /// A webhook of one library ends with it.
  private void end(Webhook webhook, String library) {
    if (library.equals(webhook.library())) {
      book.stop(webhook.id(), WebhookStatus.DISABLED, "Library " + library + " was deleted.");
    }
  }

  private void note(Webhook webhook, Lane lane, Gap gap) {
    Instant now = terms.clock().instant();
    Delivery note =
        new Delivery(
            UUID.randomUUID().toString(),
            "",
            "webhook.gap",
            lane.id().library().name(),
            gap.offset(),
            DeliveryStatus.FAILED,
            0,
            now,
            null,
            gap.text(),
            0,
            null);
    ledger.record(webhook.id(), note, gap.after());
    lane.saved(gap.after());
    LOG.atWarn().addKeyValue("webhook", webhook.id()).log("events were lost to a webhook");
  }

  private @Nullable Outcome deliver(Webhook webhook, Lane lane, Failures before, Event event)
      throws InterruptedException {
    Failures failures = before.of(webhook.generation());
    int number = failures.attempts() + 1;
    Message message = Message.of(event.event());
    String secret = book.secret(webhook.id()).orElse(null);
    if (secret == null) {
      return new Idle(); // deleted just now
    }
    Attempt attempt = courier.deliver(webhook, secret, message);
    if (!attempt.succeeded()) {
      return failed(webhook, lane, event.before(), attempt, failures, message);
    }
    Delivery logged = attempt.logged(message, DeliveryStatus.SUCCESS, number, null);
    ledger.record(webhook.id(), logged, event.after());
    lane.saved(event.after());
    var _ = lane.page().poll();
    if (isLast(event.event())) {
      end(webhook, event.event().library().name());
    }
    return null;
  }

  private static boolean isLast(LibraryEvent event) {
    return event.type().equals(EventType.LIBRARY_DELETED);
  }

  private Outcome failed(
      Webhook webhook,
      Lane lane,
      Place place,
      Attempt attempt,
      Failures failures,
      Message message) {
    Instant now = terms.clock().instant();
    int number = failures.attempts() + 1;
    Instant since = failures.attempts() == 0 ? attempt.at() : failures.since();
    Duration pause =
        terms.backoff().after(number, webhook.policy().retryDelay(), attempt.retryAfter(), now);
    Instant next = now.plus(pause);
    boolean stops =
        number > webhook.policy().maxRetries() && !now.isBefore(since.plus(terms.pauseAfter()));
    Place failing = place.failing(new Failures(number, since, next, webhook.generation()));
    DeliveryStatus status = stops ? DeliveryStatus.FAILED : DeliveryStatus.RETRYING;
    ledger.record(
        webhook.id(), attempt.logged(message, status, number, stops ? null : next), failing);
    lane.saved(failing);
    lane.forgetPage();
    if (stops) {
      String reason = "Deliveries have failed since " + since + ", lastly: " + attempt.error();
      book.stop(webhook.id(), WebhookStatus.PAUSED, reason);
      return new Idle();
    }
    return new NotBefore(next);
  }
}
