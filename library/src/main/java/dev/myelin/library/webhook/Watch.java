package dev.myelin.library.webhook;

import dev.myelin.journal.Journal;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedListener;
import dev.myelin.library.store.LibraryState;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.library.webhook.ledger.Ledger;
import dev.myelin.library.webhook.ledger.Place;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookBook;
import dev.myelin.memory.space.SpaceRow;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.SpaceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Notices that a webhook has something to be told: as it happens, and by looking at where all
/// libraries stand, which finds what happened before a start, during a pause, or was left out of a
/// full line.
final class Watch implements FeedListener {
  private final Journal journal;
  private final ChangeFeed feed;
  private final WebhookBook book;
  private final Ledger ledger;
  private final Turns turns;

  Watch(Journal journal, ChangeFeed feed, WebhookBook book, Ledger ledger, Turns turns) {
    this.journal = journal;
    this.feed = feed;
    this.book = book;
    this.ledger = ledger;
    this.turns = turns;
  }

  // ---- as it happens

  @Override
  public void event(LibraryEvent event, Cause cause) {
    boolean last = event.type().equals(EventType.LIBRARY_DELETED);
    for (Webhook webhook : book.active().getOrDefault(event.library().tenant(), List.of())) {
      if (webhook.covers(event.library().name())
          && (last || webhook.events().areConcernedBy(event.type()))) {
        turns.ready(new Lane.Id(webhook.id(), event.library()), webhook.target(), event);
      }
    }
  }

  // ---- by looking

  /// Where a library stands.
  ///
  /// @param created when it was made, in ms
  /// @param lastEvent the offset of its newest event
  private record Standing(long created, long lastEvent) {}

  /// Looks at all webhooks that deliver. Blocks.
  void sweep() {
    book.active()
        .forEach((tenant, webhooks) -> {
          Map<String, Standing> libraries = standings(tenant, null);
          List<LibraryEvent> deletions = feed.deletions(tenant);
          webhooks.forEach(webhook -> sweep(webhook, libraries, deletions));
        });
  }

  /// Looks at one webhook. Blocks.
  void sweep(Webhook webhook) {
    sweep(
        webhook, standings(webhook.tenant(), webhook.library()), feed.deletions(webhook.tenant()));
  }

  private void sweep(
      Webhook webhook, Map<String, Standing> libraries, List<LibraryEvent> deletions) {
    Map<String, Place> places = ledger.places(webhook.id());
    libraries.forEach((name, standing) -> {
      if (webhook.covers(name) && isBehind(webhook, name, standing, places.get(name))) {
        ready(webhook, name);
      }
    });
    for (LibraryEvent deletion : deletions) {
      String name = deletion.library().name();
      Place place = places.get(name);
      long told = (place == null ? Place.NONE : place).deletedAfter();
      if (webhook.covers(name) && deletion.at().toEpochMilli() > told) {
        ready(webhook, name);
      }
    }
    places.forEach((name, place) -> {
      boolean there = libraries.containsKey(name);
      if (!there && place.created() != 0) {
        ready(webhook, name);
      } else if (!there && deletions.stream().noneMatch(one -> isOf(one, name))) {
        ledger.remove(webhook.id(), name); // nobody can tell of it any more
      }
    });
  }

  private static boolean isOf(LibraryEvent event, String library) {
    return event.library().name().equals(library);
  }

  private boolean isBehind(Webhook webhook, String name, Standing standing, @Nullable Place place) {
    SpaceId library = new SpaceId(webhook.tenant(), name);
    long end = webhook.events().wantsMemories() ? streamEnd(library) : standing.lastEvent;
    return place == null
        ? end > 0
        : place.offset() < end || (place.created() != 0 && place.created() != standing.created);
  }

  private void ready(Webhook webhook, String library) {
    SpaceId id = new SpaceId(webhook.tenant(), library);
    turns.ready(new Lane.Id(webhook.id(), id), webhook.target(), null);
  }

  private long streamEnd(SpaceId library) {
    return journal.end(StreamName.of(library)).map(StreamEnd::lastOffset).orElse(0L);
  }

  private Map<String, Standing> standings(String tenant, @Nullable String only) {
    byte[] prefix =
        only == null ? SpaceTables.tenantKey(tenant) : LibraryTables.key(new SpaceId(tenant, only));
    Map<String, Standing> standings = new HashMap<>();
    journal.scan(
        SpaceTables.SPACES,
        prefix,
        (key, row) -> {
          long created = SpaceRow.decode(row).createdAt().toEpochMilli();
          standings.put(SpaceTables.space(key).name(), new Standing(created, 0));
          return true;
        });
    journal.scan(
        LibraryTables.STATES,
        prefix,
        (key, row) -> {
          long last = LibraryState.decode(row).lastEvent();
          standings.computeIfPresent(
              SpaceTables.space(key).name(), (_, found) -> new Standing(found.created, last));
          return true;
        });
    return standings;
  }

  /// The places of a webhook that is made now: at the end of each library it covers, and after the
  /// deletions of those that are gone. Clocks do not say what came first; what is there does.
  Map<String, Place> ends(String tenant, @Nullable String library) {
    Map<String, Place> places = new HashMap<>();
    for (LibraryEvent deletion : feed.deletions(tenant)) {
      String name = deletion.library().name();
      if (library == null || library.equals(name)) {
        Place place = Place.before(deletion.at().toEpochMilli());
        places.merge(name, place, (a, b) -> a.deletedAfter() > b.deletedAfter() ? a : b);
      }
    }
    standings(tenant, library)
        .forEach((name, standing) -> {
          Place known = places.getOrDefault(name, Place.NONE);
          long end = streamEnd(new SpaceId(tenant, name));
          places.put(name, known.in(standing.created).at(end));
        });
    return places;
  }
}
