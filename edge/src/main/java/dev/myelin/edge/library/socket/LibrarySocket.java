package dev.myelin.edge.library.socket;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.fanout.FanOut;
import dev.myelin.edge.fanout.Flushable;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.library.LibraryService;
import dev.myelin.library.event.Cause;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// One client of one library.
///
/// **Requests** are answered on virtual threads, so many at a time; then the socket is not read.
/// **Events** come in order of offset, none twice; an answer comes before the event that it caused.
/// A client that does not read is bounded: what it missed is read from the feed when it reads
/// again, and after too long it is closed with 4008, which means: connect again, `subscribe` with
/// `since`.
///
/// Confined to the socket's event loop.
final class LibrarySocket implements SocketListener, Flushable {
  private static final int CLOSE_NORMAL = 1000;
  private static final int CLOSE_POLICY = 1008;
  private static final int CLOSE_SLOW = 4008;
  private static final int MAX_IN_FLIGHT = 32;

  private final WebSocketChannel channel;
  private final Place place;
  private final ChangeFeed feed;
  private final SocketActions actions;
  private final Executor blocking;
  private final EventCursor events;

  /// Requests that are not answered yet, by their numbers.
  private final TreeSet<Long> open = new TreeSet<>();

  private long calls;
  private Subscription attendance;
  private boolean dirty;
  private boolean gone;
  private KeyWatch.@Nullable Watched watched;

  /// Where a socket is.
  ///
  /// @param fanOut tells it of the library's events
  record Place(SpaceId library, FanOut fanOut, LibrarySockets.Entry entry) {}

  LibrarySocket(
      WebSocketChannel channel,
      Place place,
      LibraryService libraries,
      SocketActions actions,
      Executor blocking) {
    this.channel = channel;
    this.place = place;
    this.feed = libraries.feed();
    this.actions = actions;
    this.blocking = blocking;
    this.events = new EventCursor(this, channel, feed, place.library(), blocking);
    this.attendance = feed.attend(place.library(), Set.of());
  }

  /// Says hello and hears what comes after an offset.
  void open(long end) {
    channel.established();
    write(SocketMessages.welcome(place.library().name(), UUID.randomUUID().toString()));
    place.fanOut().join(ChannelId.ofLibrary(place.library()), events, channel.loop());
    events.begin(end);
    channel.flush();
  }

  /// Ends the socket when the key that it was opened with dies.
  void watch(KeyWatch keys, Principal principal) {
    watched = keys.watch(principal, () -> channel.execute(this::keyDied));
  }

  private void keyDied() {
    if (!gone) {
      events.end();
      write(SocketMessages.error("Unauthenticated", KeyWatch.DEAD, null));
      channel.close(CLOSE_POLICY, "the API key is dead");
    }
  }

  private void write(byte[] message) {
    channel.writeText(message, message.length);
  }

  // ---- events

  /// Has what is written flushed once all events are told that wait for the event loop.
  void flushSoon() {
    if (!dirty) {
      dirty = true;
      events.flushWith(this);
    }
  }

  @Override
  public void flush() {
    dirty = false;
    channel.flush();
  }

  void libraryDeleted() {
    channel.close(CLOSE_NORMAL, "the library was deleted");
  }

  // ---- requests

  @Override
  public void text(byte[] bytes, int length) {
    byte[] message = Arrays.copyOf(bytes, length);
    SocketCall call = new SocketCall(this, ++calls);
    open.add(call.number());
    if (open.size() >= MAX_IN_FLIGHT) {
      channel.read(false);
    }
    blocking.execute(() -> answer(call, message));
  }

  @Override
  public void binary(byte[] bytes, int length) {
    write(SocketMessages.invalid("A binary frame (expected: JSON in a text frame).", null));
    channel.flush();
  }

  /// On a virtual thread.
  private void answer(SocketCall call, byte[] message) {
    byte[] answer;
    SocketActions.Wish wish = null;
    String requestId = null;
    try {
      JsonObject request = JsonReader.object(message);
      if (request.value("request_id") instanceof String id) {
        requestId = id;
      }
      String id = request.text("request_id", 0, Integer.MAX_VALUE);
      String action = request.text("action", 0, Integer.MAX_VALUE);
      JsonObject data = request.object("data");
      SocketActions.Result result = run(id, action, data, call);
      wish = result.wish();
      answer = SocketMessages.success(id, result.data());
    } catch (Refusal refusal) {
      answer = SocketMessages.failure(refusal.requestId, String.valueOf(refusal.getMessage()));
    } catch (JsonFailure e) {
      answer = SocketMessages.invalid(e.text(), requestId);
    }
    byte[] told = answer;
    SocketActions.Wish wished = wish;
    channel.execute(() -> answered(call, told, wished));
  }

  /// What an action says instead of a result.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String requestId;

    Refusal(String requestId, String text) {
      super(text, null, false, false);
      this.requestId = requestId;
    }
  }

  private SocketActions.Result run(
      String requestId, String action, JsonObject data, SocketCall call) {
    try {
      return actions.run(action, data, new Cause(call));
    } catch (JsonFailure e) {
      throw new Refusal(requestId, e.text());
    } catch (ServiceException e) {
      throw new Refusal(
          requestId, e.code() == ErrorCode.DOCUMENT_NOT_FOUND ? "Document not found" : e.text());
    } catch (RuntimeException e) {
      throw new Refusal(requestId, RestSurface.problemOf(e).detail());
    }
  }

  private void answered(SocketCall call, byte[] answer, SocketActions.@Nullable Wish wish) {
    write(answer);
    call.answered();
    open.remove(call.number());
    if (open.size() == MAX_IN_FLIGHT - 1) {
      channel.read(true);
    }
    if (wish != null) {
      attend(wish.filter().types());
      events.wish(wish.filter(), wish.since());
    }
    events.proceed();
    channel.flush();
  }

  /// Has everything told that it wants to hear.
  private void attend(Set<String> types) {
    if (!gone) {
      Subscription before = attendance;
      attendance = feed.attend(place.library(), types);
      before.close();
    }
  }

  /// The number of the request that came last, 0 before the first.
  long newestCall() {
    return calls;
  }

  /// Whether some request up to a number is not answered yet.
  boolean isUnanswered(long number) {
    return !open.isEmpty() && open.first() <= number;
  }

  // ---- the socket

  @Override
  public void violated(Violation violation, String text) {
    write(SocketMessages.invalid(text, null));
  }

  @Override
  public void heartbeat() {
    events.proceed();
  }

  @Override
  public void writable() {
    events.proceed();
  }

  @Override
  public void overdue() {
    channel.close(CLOSE_SLOW, "too much unread: connect again, subscribe since " + events.sent());
  }

  /// The feed no longer has what this client missed.
  void lost(String why) {
    write(SocketMessages.error("Events were missed", why, null));
    channel.close(CLOSE_SLOW, "events were missed: list again, then subscribe");
  }

  @Override
  public void gone() {
    if (!gone) {
      gone = true;
      if (watched != null) {
        watched.close();
      }
      events.leave();
      attendance.close();
      place.entry().leave();
    }
  }

  boolean isGone() {
    return gone;
  }
}
