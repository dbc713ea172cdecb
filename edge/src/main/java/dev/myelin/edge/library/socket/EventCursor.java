package dev.myelin.edge.library.socket;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.edge.fanout.Seat;
import dev.myelin.edge.fanout.WireForm;
import dev.myelin.edge.library.feed.EventFilter;
import dev.myelin.edge.library.feed.EventJson;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedMessage;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.live.broker.Message;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// How far a socket is in the events of its library, whose channel it hears.
///
/// Live events are written as they are told, while the socket is up to date. Once it is not (it
/// missed one, its client does not read, it began in the past, or its own request is not answered
/// yet) it reads the feed from where it is, until it has all that it was told of; then it is live
/// again. It never reads further than it was told: what was told says who caused it. Where it was
/// not told, it answers first all that was asked until then.
///
/// Confined to the socket's event loop.
final class EventCursor extends Seat {
  private static final int PAGE = 64;

  /// One for all sockets: an event is encoded once.
  private static final WireForm FORM = message -> encoded(FeedMessage.of(message).event());

  private static final WireForm CHUNKS_ADDED = message -> chunks(message, EventType.CHUNK_ADDED);
  private static final WireForm CHUNKS_DELETED =
      message -> chunks(message, EventType.CHUNK_DELETED);

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

  /// The newest request that may have caused something of which it was not told.
  private long suspect;

  private boolean asking;
  private boolean askAgain;

  /// Grows with each new beginning: what was read for an older one is dropped.
  private int era;

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

  private static byte[] encoded(LibraryEvent event) {
    return JsonText.write(json -> EventJson.event(json, event));
  }

  /// What comes before an event, of one type.
  private static byte[] chunks(Message message, String type) {
    return ChunkEvents.expand(FeedMessage.of(message).event()).stream()
        .filter(one -> one.type().equals(type))
        .map(EventCursor::encoded)
        .findFirst()
        .orElseThrow();
  }

  /// What was before an offset is not told; what came after it, before the seat was taken, is.
  void begin(long offset) {
    sent = offset;
    told = offset;
    missed();
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
  @Override
  protected void hear(EncodedEvent event) {
    Message message = event.message();
    if (message.type().equals(EventType.LIBRARY_DELETED)) {
      goodbye(event.offset(), event.bytes(FORM));
      return;
    }
    if (ended || event.offset() <= told) {
      return;
    }
    told = event.offset();
    if (message.local() instanceof FeedMessage said
        && said.cause().token() instanceof SocketCall call
        && call.isOpenOn(socket)) {
      unanswered.put(event.offset(), call);
      ChunkEvents.expand(said.event()).forEach(one -> unanswered.put(one.offset(), call));
    }
    if (behind) {
      return;
    }
    if (message.previous() > sent || isHeldBack(event.offset()) || channel.isFull()) {
      behind = true;
      proceed();
    } else if (event.offset() > sent) {
      if (ChunkEvents.precede(message.type(), filter.types())) {
        tellChunks(event);
      }
      if (filter.wants(message.type())) {
        tell(event, FORM);
      }
      reached(event.offset());
    }
  }

  /// Tells what comes before an event.
  private void tellChunks(EncodedEvent event) {
    LibraryEvent said = FeedMessage.of(event.message()).event();
    for (LibraryEvent chunks : ChunkEvents.before(said, filter.types(), sent)) {
      tell(event, chunks.type().equals(EventType.CHUNK_ADDED) ? CHUNKS_ADDED : CHUNKS_DELETED);
    }
  }

  private void tell(EncodedEvent event, WireForm form) {
    write(event.bytes(form));
    socket.flushSoon();
  }

  /// Has a connection flushed that wrote something because of an event.
  void flushWith(LibrarySocket connection) {
    flushLater(connection);
  }

  private void write(byte[] frame) {
    channel.writeText(frame, frame.length);
  }

  private void reached(long offset) {
    sent = offset;
    unanswered.headMap(offset, true).clear();
  }

  /// Whether the event of that offset has to wait for the answer to what caused it.
  private boolean isHeldBack(long offset) {
    SocketCall call = unanswered.get(offset);
    boolean held = call != null && call.isOpenOn(socket);
    heldBack = held ? offset : heldBack;
    return held;
  }

  // ---- what it was not told

  /// Learns that there may be more than it was told of: asks the feed how far it goes.
  @Override
  protected void missed() {
    if (ended) {
      return;
    }
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    blocking.execute(() -> {
      try {
        long end = feed.durableEnd(library);
        channel.execute(() -> upTo(end));
      } catch (ServiceException e) {
        failed(e);
      }
    });
  }

  private void upTo(long end) {
    asking = false;
    if (askAgain) {
      askAgain = false;
      missed();
    }
    if (end > told && !ended) {
      told = end;
      suspect = socket.newestCall();
      behind = true;
      proceed();
    }
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
    if (isHeldBack(heldBack) || socket.isUnanswered(suspect)) {
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
      failed(e);
    }
  }

  /// On a virtual thread.
  private void failed(ServiceException e) {
    LibraryEvent last = e.code() == ErrorCode.LIBRARY_NOT_FOUND ? lastEvent() : null;
    channel.execute(() -> {
      if (ended) {
        return;
      }
      if (last == null) {
        socket.lost(e.text());
      } else {
        goodbye(last.offset(), encoded(last));
      }
    });
  }

  /// What is left of a library that is gone.
  private @Nullable LibraryEvent lastEvent() {
    return feed.deletions(library.tenant()).stream()
        .filter(event -> event.library().equals(library))
        .max(Comparator.comparing(LibraryEvent::at))
        .orElse(null);
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
      if (isHeldBack(event.offset()) || socket.isUnanswered(suspect) || channel.isFull()) {
        return false;
      }
      if (event.offset() > sent) {
        if (filter.wants(event.type())) {
          write(encoded(event));
        }
        reached(event.offset());
      }
    }
    return true;
  }

  // ---- the end

  /// The library is gone: the last event is told, whatever else was missed.
  private void goodbye(long offset, byte[] frame) {
    if (!ended) {
      ended = true;
      if (offset > sent && filter.wants(EventType.LIBRARY_DELETED)) {
        write(frame);
      }
      socket.libraryDeleted();
    }
  }

  /// Nothing more is told.
  void end() {
    ended = true;
  }

  @Override
  protected void ended() {
    socket.lost("The library's events are no longer told here.");
  }
}
