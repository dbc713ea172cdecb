package dev.myelin.edge.library.socket;

import dev.myelin.edge.library.EventFilter;
import dev.myelin.edge.library.EventJson;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// How far a socket is in the events of its library.
///
/// Live events are written as they are told, while the socket is up to date. Once it is not (it
/// missed one, its client does not read, it began in the past, or its own request is not answered
/// yet) it reads the feed from where it is, until it has all that it was told of; then it is live
/// again. It never reads further than it was told: only what was told says who caused it.
///
/// Confined to the socket's event loop.
final class EventCursor {
  private static final int PAGE = 64;

  private final LibrarySocket socket;
  private final WebSocketChannel channel;
  private final ChangeFeed feed;
  private final SpaceId library;
  private final Executor blocking;
  private EventFilter filter = EventFilter.ALL;

  /// Requests of this socket that are not answered yet, by the offset of the event they caused.
  private final TreeMap<Long, SocketCall> unanswered = new TreeMap<>();

  private long sent;
  private long told;
  private boolean behind;
  private boolean reading;
  private boolean ended;
  private long heldBack;

  /// Grows with each new beginning: what was read for an older one is dropped.
  private int era;

  private @Nullable EncodedEvent farewell;

  EventCursor(
      LibrarySocket socket,
      WebSocketChannel channel,
      ChangeFeed feed,
      SpaceId library,
      Executor blocking) {
    this.socket = socket;
    this.channel = channel;
    this.feed = feed;
    this.library = library;
    this.blocking = blocking;
  }

  /// What was before an offset is not told.
  void begin(long offset) {
    sent = offset;
    told = offset;
  }

  long sent() {
    return sent;
  }

  /// Hears something else from now on, or begins somewhere else.
  void wish(EventFilter wanted, @Nullable Long since) {
    filter = wanted;
    if (since != null) {
      era++;
      sent = since;
      behind = true;
    }
  }

  /// Takes an event that has just happened.
  void hear(EncodedEvent event) {
    LibraryEvent said = event.event();
    if (said.type().equals(EventType.LIBRARY_DELETED)) {
      farewell = event;
    }
    if (ended || event.offset() <= told) {
      return;
    }
    told = event.offset();
    if (event.cause().token() instanceof SocketCall call && call.isOpenOn(socket)) {
      unanswered.put(event.offset(), call);
      ChunkEvents.expand(said).forEach(one -> unanswered.put(one.offset(), call));
    }
    if (behind) {
      return;
    }
    if (said.previous() > sent || isHeldBack(event.offset()) || channel.isFull()) {
      behind = true;
      proceed();
    } else if (event.offset() > sent) {
      ChunkEvents.before(said, filter.types(), sent).forEach(one -> write(one, encoded(one)));
      write(said, event.frame());
    }
  }

  private static byte[] encoded(LibraryEvent event) {
    return JsonText.write(json -> EventJson.event(json, event));
  }

  /// Learns that it was not told of events up to an offset.
  void missed(long offset) {
    if (offset > told && !ended) {
      told = offset;
      behind = true;
      proceed();
    }
  }

  /// Whether the event of that offset has to wait for the answer to what caused it.
  private boolean isHeldBack(long offset) {
    SocketCall call = unanswered.get(offset);
    boolean held = call != null && call.isOpenOn(socket);
    heldBack = held ? offset : heldBack;
    return held;
  }

  private void write(LibraryEvent event, byte[] frame) {
    if (filter.wants(event.type())) {
      channel.writeText(frame, frame.length);
    }
    sent = event.offset();
    unanswered.headMap(sent, true).clear();
  }

  /// Goes on reading what it is behind by, if it can.
  void proceed() {
    if (!behind || reading || ended || channel.isFull() || socket.isGone()) {
      return;
    }
    if (sent >= told) {
      behind = false;
      return;
    }
    if (isHeldBack(heldBack)) {
      return;
    }
    reading = true;
    Asked asked = new Asked(sent, told, era, filter.types());
    blocking.execute(() -> read(asked));
  }

  /// What is read of the feed.
  private record Asked(long from, long told, int era, Set<String> types) {}

  /// On a virtual thread.
  private void read(Asked asked) {
    try {
      FeedPage page = feed.read(library, asked.from(), PAGE, asked.types());
      channel.execute(() -> take(page, asked));
    } catch (ServiceException e) {
      channel.execute(() -> failed(e));
    }
  }

  private void failed(ServiceException e) {
    reading = false;
    if (ended || e.code() == ErrorCode.LIBRARY_NOT_FOUND) {
      return; // the room tells of it
    }
    socket.lost(e.text());
  }

  private void take(FeedPage page, Asked asked) {
    reading = false;
    if (ended || socket.isGone()) {
      return;
    }
    if (asked.era() == era && takeAll(page)) {
      // Between the last event and the end of the page is what nobody wants.
      sent = Math.max(sent, page.more() ? Math.min(page.next(), told) : asked.told());
    }
    channel.flush();
    proceed();
  }

  /// Returns whether all of it was written.
  private boolean takeAll(FeedPage page) {
    for (LibraryEvent event : page.events()) {
      if (event.offset() > told) {
        sent = Math.max(sent, told); // this one is told in a moment
        return false;
      }
      if (isHeldBack(event.offset()) || channel.isFull()) {
        return false;
      }
      if (event.offset() > sent) {
        write(event, encoded(event));
      }
    }
    return true;
  }

  /// The library is gone: the last event is told, whatever else was missed.
  void end() {
    if (!ended) {
      ended = true;
      if (farewell != null && farewell.offset() > sent && filter.wants(farewell.event().type())) {
        write(farewell.event(), farewell.frame());
      }
    }
  }
}
