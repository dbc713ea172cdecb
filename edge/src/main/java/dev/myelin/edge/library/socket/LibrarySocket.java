package dev.myelin.edge.library.socket;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.library.LibraryService;
import dev.myelin.library.event.Cause;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.util.Arrays;
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
final class LibrarySocket implements SocketListener {
  private static final int CLOSE_NORMAL = 1000;
  private static final int CLOSE_POLICY = 1008;
  private static final int CLOSE_SLOW = 4008;
  private static final int MAX_IN_FLIGHT = 32;

  private final WebSocketChannel channel;
  private final Place place;
  private final SocketActions actions;
  private final Executor blocking;
  private final EventCursor events;
  private int inFlight;
  private boolean gone;
  private KeyWatch.@Nullable Watched watched;

  /// Where a socket is told of events.
  record Place(LibraryRoom room, LoopMailbox mailbox, LibrarySockets.Entry entry) {}

  LibrarySocket(
      WebSocketChannel channel,
      Place place,
      LibraryService libraries,
      SocketActions actions,
      Executor blocking) {
    this.channel = channel;
    this.place = place;
    this.actions = actions;
    this.blocking = blocking;
    this.events =
        new EventCursor(this, channel, libraries.feed(), place.room().library(), blocking);
  }

  /// Says hello and hears what comes after an offset.
  void open(long end) {
    channel.established();
    write(SocketMessages.welcome(place.room().library().name(), UUID.randomUUID().toString()));
    place.room().add(place.mailbox(), this);
    events.begin(Math.max(end, place.room().last()));
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

  void hear(EncodedEvent event) {
    events.hear(event);
  }

  void missed(long offset) {
    events.missed(offset);
  }

  void flush() {
    channel.flush();
  }

  void libraryDeleted() {
    events.end();
    channel.close(CLOSE_NORMAL, "the library was deleted");
  }

  // ---- requests

  @Override
  public void text(byte[] bytes, int length) {
    byte[] message = Arrays.copyOf(bytes, length);
    if (++inFlight >= MAX_IN_FLIGHT) {
      channel.read(false);
    }
    blocking.execute(() -> answer(message));
  }

  @Override
  public void binary(byte[] bytes, int length) {
    write(SocketMessages.invalid("A binary frame (expected: JSON in a text frame).", null));
    channel.flush();
  }

  /// On a virtual thread.
  private void answer(byte[] message) {
    SocketCall call = new SocketCall(this);
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
    if (--inFlight == MAX_IN_FLIGHT - 1) {
      channel.read(true);
    }
    if (wish != null) {
      if (wish.filter().wantsMemories()) {
        place.room().hearMemories();
      }
      events.wish(wish.filter(), wish.since());
    }
    events.proceed();
    channel.flush();
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
      place.room().remove(place.mailbox(), this);
      place.entry().leave();
    }
  }

  boolean isGone() {
    return gone;
  }
}
