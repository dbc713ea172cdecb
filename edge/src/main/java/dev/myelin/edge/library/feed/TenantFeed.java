package dev.myelin.edge.library.feed;

import dev.myelin.library.LibraryService;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedListener;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.Page;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The events of all libraries of a tenant that a principal may read, from a place on.
///
/// What happens now waits in a bounded queue; when that is full, or the stream begins in the past,
/// the libraries' feeds are read and merged by commit time instead. One reading thread.
final class TenantFeed implements AutoCloseable, FeedListener {
  private static final int MOST = 4_096;
  private static final int PAGE = 64;

  private final LibraryService libraries;
  private final ChangeFeed feed;
  private final Principal principal;
  private final EventFilter filter;
  private final Subscription subscription;
  private final ArrayBlockingQueue<LibraryEvent> live = new ArrayBlockingQueue<>(MOST);
  private final AtomicBoolean overflown = new AtomicBoolean();
  private TenantCursor cursor = TenantCursor.BEGINNING;
  private boolean fromNow;
  private @Nullable PriorityQueue<Reading> past;

  /// @param begin null for here and now
  TenantFeed(
      LibraryService libraries,
      Principal principal,
      EventFilter filter,
      @Nullable TenantCursor begin) {
    this.libraries = libraries;
    this.feed = libraries.feed();
    this.principal = principal;
    this.filter = filter;
    this.fromNow = begin == null;
    this.subscription = feed.subscribeAll(principal.tenant(), this);
    if (begin != null) {
      cursor = begin;
      overflown.set(true);
    }
  }

  /// An event and its place.
  record Told(String id, LibraryEvent event) {}

  /// On the broker's thread.
  @Override
  public void event(LibraryEvent event, Cause cause) {
    if (mayRead(event.library()) && !overflown.get() && !live.offer(event)) {
      overflown.set(true);
    }
  }

  @Override
  public void missed() {
    overflown.set(true);
  }

  private boolean mayRead(SpaceId library) {
    return principal.may(Scope.READ, library);
  }

  /// The next events; an empty list if none comes in time.
  List<Told> take(int max, Duration timeout) throws InterruptedException {
    List<Told> told = new ArrayList<>();
    if (past == null && overflown.get() && live.isEmpty()) {
      overflown.set(false); // what comes from here on waits in the queue again
      past = readings();
    }
    while (past != null && told.size() < max) {
      LibraryEvent event = next(past);
      if (event == null) {
        past = null;
      } else {
        tell(event, told);
      }
    }
    if (past == null && told.isEmpty()) {
      LibraryEvent event = live.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      while (event != null) {
        ChunkEvents.before(event, filter.types(), 0).forEach(one -> tell(one, told));
        tell(event, told);
        event = told.size() < max ? live.poll() : null;
      }
    }
    return told;
  }

  private void tell(LibraryEvent event, List<Told> told) {
    if (cursor.isBefore(event) || fromNow) {
      fromNow = false;
      cursor = cursor.after(event);
      if (filter.wants(event.type())) {
        told.add(new Told(cursor.toString(), event));
      }
    }
  }

  // ---- the past

  /// One library's events, read page by page.
  private final class Reading {
    final SpaceId library;
    final Deque<LibraryEvent> events = new ArrayDeque<>();
    long next;
    boolean more = true;

    Reading(SpaceId library, long since) {
      this.library = library;
      this.next = since;
    }

    /// Reads on if nothing is left; returns whether something is.
    boolean fill() {
      while (events.isEmpty() && more) {
        try {
          FeedPage page = feed.read(library, next, PAGE, filter.types());
          events.addAll(page.events());
          next = page.next();
          more = page.more();
        } catch (ServiceException e) {
          if (e.code() != ErrorCode.LIBRARY_NOT_FOUND) {
            throw e;
          }
          more = false;
        }
      }
      return !events.isEmpty();
    }

    LibraryEvent first() {
      return events.getFirst();
    }
  }

  private PriorityQueue<Reading> readings() {
    PriorityQueue<Reading> all =
        new PriorityQueue<>(
            Comparator.<Reading, java.time.Instant>comparing(reading -> reading.first().at())
                .thenComparing(reading -> reading.library.name()));
    String page = null;
    do {
      Page<LibraryInfo> some = libraries.list(principal.tenant(), 1_000, page);
      for (LibraryInfo library : some.items()) {
        if (mayRead(library.id())) {
          Reading reading = new Reading(library.id(), start(library.id()));
          if (reading.fill()) {
            all.add(reading);
          }
        }
      }
      page = some.next();
    } while (page != null);
    return all;
  }

  private static @Nullable LibraryEvent next(PriorityQueue<Reading> readings) {
    Reading first = readings.poll();
    if (first == null) {
      return null;
    }
    LibraryEvent event = first.events.removeFirst();
    if (first.fill()) {
      readings.add(first);
    }
    return event;
  }

  /// The offset after which the events of a library come that are not told yet: found by halving,
  /// as times grow with offsets.
  private long start(SpaceId library) {
    if (cursor.equals(TenantCursor.BEGINNING)) {
      return 0;
    }
    Long known = cursor.offsets().get(library.name());
    if (known != null) {
      return known;
    }
    long low = feed.oldest(library);
    long high = feed.end(library);
    while (low < high) {
      long middle = low + (high - low) / 2;
      List<LibraryEvent> one = feed.read(library, middle, 1, filter.types()).events();
      if (one.isEmpty() || cursor.isBefore(one.getFirst())) {
        high = middle;
      } else {
        low = one.getFirst().offset();
      }
    }
    return low;
  }

  @Override
  public void close() {
    subscription.close();
  }
}
