package dev.myelin.library.webhook.ledger;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.library.store.TableWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How far each webhook has come, what was tried and what came of it, in the journal.
///
/// An attempt, what it counts for and the place it leads to are one atomic write. What comes for a
/// webhook that is gone is left out. Blocks; any thread.
public final class Ledger {
  private static final int WRITE_BYTES = 4_096;

  /// How many rows go in one write.
  private static final int STEP = 1_000;

  private final Journal journal;
  private final int maxEntries;
  private final Duration maxAge;

  /// @param maxEntries how many entries of one webhook are kept
  /// @param maxAge how long an entry is kept
  public Ledger(Journal journal, int maxEntries, Duration maxAge) {
    this.journal = journal;
    this.maxEntries = maxEntries;
    this.maxAge = maxAge;
  }

  // ---- places

  /// Null if the webhook has no place in that library yet.
  public @Nullable Place place(String webhook, String library) {
    byte[] row = journal.get(WebhookTables.PLACES, WebhookTables.placeKey(webhook, library));
    return row == null ? null : Place.decode(row);
  }

  /// All places of a webhook, by library.
  public Map<String, Place> places(String webhook) {
    Map<String, Place> places = new HashMap<>();
    journal.scan(
        WebhookTables.PLACES,
        WebhookTables.key(webhook),
        (key, row) -> {
          places.put(WebhookTables.library(webhook, key), Place.decode(row));
          return true;
        });
    return places;
  }

  public void put(String webhook, String library, Place place) {
    writeTo(
        webhook,
        batch ->
            batch.put(
                WebhookTables.PLACES, WebhookTables.placeKey(webhook, library), place.encode()));
  }

  /// Puts places before the webhook itself is written.
  public void prepare(String webhook, Map<String, Place> places) {
    List<Map.Entry<String, Place>> all = List.copyOf(places.entrySet());
    for (int from = 0; from < all.size(); from += STEP) {
      var some = all.subList(from, Math.min(from + STEP, all.size()));
      TableWrite.await(
          journal,
          Lane.NORMAL,
          some.size() * 128,
          batch ->
              some.forEach(entry ->
                  batch.put(
                      WebhookTables.PLACES,
                      WebhookTables.placeKey(webhook, entry.getKey()),
                      entry.getValue().encode())));
    }
  }

  public void remove(String webhook, String library) {
    writeTo(
        webhook,
        batch -> batch.delete(WebhookTables.PLACES, WebhookTables.placeKey(webhook, library)));
  }

  // ---- the log

  /// Writes what was tried down, and where that leads.
  ///
  /// @param place null if it leads nowhere, as a test
  public void record(String webhook, Delivery delivery, @Nullable Place place) {
    writeTo(
        webhook,
        batch -> {
          byte[] figuresKey = WebhookTables.key(webhook);
          Figures figures =
              Figures.decode(batch.get(WebhookTables.FIGURES, figuresKey)).with(delivery);
          batch.put(WebhookTables.FIGURES, WebhookTables.key(webhook), figures.encode());
          batch.put(
              WebhookTables.DELIVERIES,
              WebhookTables.deliveryKey(webhook, figures.logged()),
              delivery.encode());
          if (figures.logged() > maxEntries) {
            batch.delete(
                WebhookTables.DELIVERIES,
                WebhookTables.deliveryKey(webhook, figures.logged() - maxEntries));
          }
          if (place != null && delivery.library() != null) {
            batch.put(
                WebhookTables.PLACES,
                WebhookTables.placeKey(webhook, delivery.library()),
                place.encode());
          }
        });
  }

  public Figures figures(String webhook) {
    return Figures.decode(journal.get(WebhookTables.FIGURES, WebhookTables.key(webhook)));
  }

  /// A page of a webhook's log, the newest entries first.
  ///
  /// @param page from 1
  public DeliveryPage deliveries(
      String webhook, Predicate<Delivery> wanted, int page, int pageSize) {
    List<Delivery> found = new ArrayList<>();
    journal.scan(
        WebhookTables.DELIVERIES,
        WebhookTables.key(webhook),
        (_, row) -> {
          Delivery delivery = Delivery.decode(row);
          if (wanted.test(delivery)) {
            found.add(delivery);
          }
          return true;
        });
    List<Delivery> newest = found.reversed();
    int from = (int) Math.min((page - 1L) * pageSize, newest.size());
    return new DeliveryPage(
        newest.subList(from, Math.min(from + pageSize, newest.size())), newest.size());
  }

  /// Lets go of entries that are older, or more, than are kept.
  public void trim(String webhook, Instant now) {
    long tooMany = figures(webhook).logged() - maxEntries;
    Instant oldest = now.minus(maxAge);
    List<Long> due = new ArrayList<>();
    do {
      due.clear();
      journal.scan(
          WebhookTables.DELIVERIES,
          WebhookTables.key(webhook),
          (key, row) -> {
            long number = WebhookTables.number(key);
            boolean goes = number <= tooMany || Delivery.decode(row).attemptedAt().isBefore(oldest);
            return goes && due.add(number) && due.size() < STEP;
          });
      List<Long> going = List.copyOf(due);
      if (!going.isEmpty()) {
        writeTo(
            webhook,
            batch ->
                going.forEach(number ->
                    batch.delete(
                        WebhookTables.DELIVERIES, WebhookTables.deliveryKey(webhook, number))));
      }
    } while (!due.isEmpty());
  }

  // ---- webhooks that end

  /// Removes all that belongs to a webhook, in the write that removes it.
  public static void forget(Batch batch, String webhook) {
    batch.deleteAll(WebhookTables.PLACES, WebhookTables.key(webhook));
    batch.deleteAll(WebhookTables.DELIVERIES, WebhookTables.key(webhook));
    batch.delete(WebhookTables.FIGURES, WebhookTables.key(webhook));
  }

  /// Removes places that were prepared for a webhook that never came.
  ///
  /// @param known whether a webhook is there, or about to be
  public void forgetOthers(Predicate<String> known) {
    Set<String> orphans = new HashSet<>();
    journal.scan(
        WebhookTables.PLACES,
        new byte[0],
        (key, _) -> {
          String webhook = WebhookTables.webhook(key);
          if (!known.test(webhook)) {
            orphans.add(webhook);
          }
          return true;
        });
    for (String orphan : orphans) {
      TableWrite.await(journal, Lane.LOW, WRITE_BYTES, batch -> forget(batch, orphan));
    }
  }

  private void writeTo(String webhook, Consumer<Batch> change) {
    TableWrite.await(
        journal,
        Lane.LOW,
        WRITE_BYTES,
        batch -> {
          if (batch.get(WebhookTables.WEBHOOKS, WebhookTables.key(webhook)) != null) {
            change.accept(batch);
          }
        });
  }
}
