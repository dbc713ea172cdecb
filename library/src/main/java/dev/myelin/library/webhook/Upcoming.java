package dev.myelin.library.webhook;

import dev.myelin.journal.Journal;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.library.webhook.ledger.Place;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.memory.space.SpaceRow;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds what a webhook is to be told next: from what just happened if that is all there is, else
/// from the feed. A library that was deleted ends with its last event; one that was made again
/// under the same id begins anew. Blocks; for whoever runs the lane.
final class Upcoming {
  /// How many events are held of a lane.
  private static final int PAGE = 64;

  private final Journal journal;
  private final ChangeFeed feed;

  Upcoming(Journal journal, ChangeFeed feed) {
    this.journal = journal;
    this.feed = feed;
  }

  /// What comes next.
  sealed interface Next {}

  /// An event that is wanted.
  ///
  /// @param after the place once it is delivered
  record Event(LibraryEvent event, Place before, Place after) implements Next {}

  /// Nothing that is wanted up to a place.
  ///
  /// @param isEnd whether there is nothing more
  record Nothing(Place after, boolean isEnd) implements Next {}

  /// Events that nobody can tell any more.
  ///
  /// @param text why, for people
  /// @param offset of the newest of them
  record Gap(String text, long offset, Place after) implements Next {}

  /// The library is gone, and that was told or is not wanted.
  record Over(Place after) implements Next {}

  Next next(Webhook webhook, Lane lane, Place start) {
    LibraryEvent read = lane.page().peek();
    if (read != null) {
      return new Event(read, start, start.at(read.offset()));
    }
    Place place = lane.pageEnd() > start.offset() ? start.at(lane.pageEnd()) : start;
    lane.forgetPage();
    SpaceId library = lane.id().library();
    long created = created(library);
    boolean same = created != 0 && place.created() == created;
    LibraryEvent deletion = same ? null : deletion(library, place.deletedAfter());
    if (deletion != null) {
      return ended(webhook, lane, place, deletion);
    }
    if (created == 0) {
      return new Over(Place.before(place.deletedAfter()));
    }
    if (!same && place.created() != 0) {
      String text =
          "Library " + library.name() + " was deleted and made again; what came before is lost.";
      return new Gap(text, place.offset(), Place.before(place.deletedAfter()).in(created));
    }
    return living(webhook, lane, same ? place : place.in(created));
  }

  /// When the library of that id was made, in ms; 0 if there is none.
  private long created(SpaceId library) {
    byte[] row = journal.get(SpaceTables.SPACES, LibraryTables.key(library));
    return row == null ? 0 : SpaceRow.decode(row).createdAt().toEpochMilli();
  }

  private @Nullable LibraryEvent deletion(SpaceId library, long after) {
    return feed.deletions(library.tenant()).stream()
        .filter(event -> event.library().equals(library) && event.at().toEpochMilli() > after)
        .min(Comparator.comparing(LibraryEvent::at))
        .orElse(null);
  }

  // ---- a library that is gone

  private static Next ended(Webhook webhook, Lane lane, Place place, LibraryEvent deletion) {
    List<LibraryEvent> recent = lane.recentAfter(place.offset());
    boolean complete = recent.size() > 1 && recent.getLast().eventId().equals(deletion.eventId());
    if (complete && deletion.previous() > place.offset()) {
      List<LibraryEvent> before =
          wanted(webhook, expanded(webhook, place, recent.subList(0, recent.size() - 1)));
      lane.read(before, deletion.previous());
      return before.isEmpty()
          ? new Nothing(place.at(deletion.previous()), false)
          : new Event(before.getFirst(), place, place.at(before.getFirst().offset()));
    }
    if (deletion.previous() > place.offset()) {
      String text =
          "Library "
              + deletion.library().name()
              + " was deleted before all its events were delivered.";
      return new Gap(text, deletion.previous(), place.at(deletion.previous()));
    }
    lane.distrustRecent();
    Place after = Place.before(deletion.at().toEpochMilli());
    return webhook.events().wants(deletion.type())
        ? new Event(deletion, place, after)
        : new Over(after);
  }

  /// Events as they happened, with those that follow from them, as the feed tells them.
  private static List<LibraryEvent> expanded(
      Webhook webhook, Place place, List<LibraryEvent> events) {
    Set<String> types = webhook.events().types();
    return events.stream()
        .flatMap(event -> ChunkEvents.told(event, types, place.offset()).stream())
        .toList();
  }

  private static List<LibraryEvent> wanted(Webhook webhook, List<LibraryEvent> events) {
    return events.stream()
        .filter(event -> webhook.events().wants(event.type()))
        .filter(event -> !event.type().equals(EventType.LIBRARY_DELETED))
        .toList();
  }

  // ---- a library that is there

  private Next living(Webhook webhook, Lane lane, Place place) {
    SpaceId library = lane.id().library();
    long floor = feed.oldest(library);
    if (place.offset() < floor) {
      return passed(library, place, floor);
    }
    if (!webhook.events().wantsMemories()) {
      List<LibraryEvent> recent = lane.recentAfter(place.offset());
      if (!recent.isEmpty()) {
        List<LibraryEvent> events = expanded(webhook, place, recent);
        return page(webhook, lane, place, new FeedPage(events, recent.getLast().offset(), true));
      }
    }
    try {
      var types = webhook.events().types();
      return page(webhook, lane, place, feed.read(library, place.offset(), PAGE, types));
    } catch (ServiceException e) {
      return switch (e.code()) {
        case LIBRARY_NOT_FOUND -> new Nothing(place, false); // deleted just now: look again
        case GONE -> passed(library, place, feed.oldest(library));
        default -> throw e;
      };
    }
  }

  private static Gap passed(SpaceId library, Place place, long floor) {
    String text =
        "Events of library "
            + library.name()
            + " after offset "
            + place.offset()
            + " and up to "
            + floor
            + " are not kept any more; deliveries go on after them.";
    return new Gap(text, floor, place.at(floor));
  }

  private static Next page(Webhook webhook, Lane lane, Place place, FeedPage page) {
    List<LibraryEvent> events = wanted(webhook, page.events());
    lane.read(events, page.next());
    return events.isEmpty()
        ? new Nothing(place.at(Math.max(place.offset(), page.next())), !page.more())
        : new Event(events.getFirst(), place, place.at(events.getFirst().offset()));
  }
}
