package dev.myelin.library.webhook;

import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.webhook.ledger.Place;
import dev.myelin.model.SpaceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One library as one webhook is told of it, while there is something to tell.
///
/// What `Turns` needs is guarded by its lock; the place and the page belong to whoever runs the
/// lane; the newest events are guarded by this object's monitor.
final class Lane {
  /// How many of the newest events are held, so that they are told even if their library is deleted
  /// in the next moment.
  private static final int MAX_RECENT = 64;

  /// Names a lane.
  record Id(String webhook, SpaceId library) {}

  enum State {
    IDLE,
    READY,
    RUNNING,
    WAITING
  }

  private final Id id;

  // Turns'.
  State state = State.IDLE;
  boolean again;

  // The runner's.
  private @Nullable Place place;
  private @Nullable Place saved;
  private final Deque<LibraryEvent> page = new ArrayDeque<>();
  private long pageEnd;

  // Anybody's.
  private final ArrayDeque<LibraryEvent> recent = new ArrayDeque<>();
  private boolean unreliable;

  Lane(Id id) {
    this.id = id;
  }

  Id id() {
    return id;
  }

  // ---- the place

  @Nullable Place place() {
    return place;
  }

  /// The journal has this place.
  void saved(Place now) {
    place = now;
    saved = now;
  }

  /// This place is reached, and may be written later.
  void reached(Place now) {
    place = now;
  }

  boolean isSaved() {
    return place == null || place.equals(saved);
  }

  // ---- what was read

  Deque<LibraryEvent> page() {
    return page;
  }

  /// The offset up to which everything is in the page.
  long pageEnd() {
    return pageEnd;
  }

  void read(List<LibraryEvent> events, long end) {
    page.clear();
    page.addAll(events);
    pageEnd = end;
  }

  /// Holds nothing that can be read again.
  void forgetPage() {
    page.clear();
    pageEnd = 0;
  }

  // ---- what just happened

  /// Something happened.
  synchronized void offer(LibraryEvent event) {
    if (!recent.isEmpty() && recent.getLast().offset() != event.previous()) {
      recent.clear();
    }
    recent.add(event);
    if (recent.size() > MAX_RECENT) {
      recent.removeFirst();
    }
  }

  /// The newest events after an offset, in order; empty if there may be others between.
  synchronized List<LibraryEvent> recentAfter(long offset) {
    while (!recent.isEmpty() && recent.getFirst().offset() <= offset) {
      recent.removeFirst();
    }
    return unreliable || recent.isEmpty() || recent.getFirst().previous() > offset
        ? List.of()
        : new ArrayList<>(recent);
  }

  /// The library is gone: what is held may be of that one or of the next of this id.
  synchronized void distrustRecent() {
    unreliable = true;
    recent.clear();
  }
}
