package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.transport.Link;
import dev.myelin.client.wire.Codec;
import dev.myelin.client.wire.Opening;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Writes a stream's observations and recalls to the connection of the open session, in the order
/// in which they came and as far as the window and the connection have room. The stream's loop.
final class Sender {
  private static final int SMALL_FRAME = 64;
  private static final int FRAME = 256;

  private final Codec codec;
  private final Outbox outbox;
  private final Asks asks;
  private final SendWindow window;
  private final Pause pause;
  private final Settlement settlement;
  private @Nullable Link link;
  private boolean closing;
  private boolean closeSent;

  Sender(
      Codec codec,
      Outbox outbox,
      Asks asks,
      SendWindow window,
      Pause pause,
      Settlement settlement) {
    this.codec = codec;
    this.outbox = outbox;
    this.asks = asks;
    this.window = window;
    this.pause = pause;
    this.settlement = settlement;
  }

  /// Asks for a session on a new connection.
  void init(Link fresh, Opening opening) {
    ByteBuf frame = fresh.begin(FRAME);
    codec.init(frame, opening);
    fresh.end(frame);
    fresh.flush();
  }

  /// A session is open: from now on its connection is written to.
  void attach(Link opened) {
    link = opened;
    if (pause.wasUsed()) {
      sendPause();
    }
  }

  /// The connection is not written to any more; may be called while [#write()] runs.
  void detach() {
    link = null;
  }

  /// What was under way on the connection is to be sent again.
  ///
  /// @return whether there is nothing of it, and the close was sent
  boolean disconnected() {
    outbox.disconnected();
    asks.disconnected();
    boolean complete = closeSent && allSent();
    closeSent = false;
    return complete;
  }

  /// Nothing more will come: once everything is settled, the session is closed.
  void close() {
    closing = true;
    if (pause.isOn()) {
      pause.lift();
      sendPause();
    }
  }

  /// Whether the server was asked to close the session.
  boolean hasSentClose() {
    return closeSent;
  }

  /// Whether a stream without a connection needs no other.
  boolean isThrough() {
    return closing && allSent();
  }

  private boolean allSent() {
    return outbox.isEmpty() && asks.allSent();
  }

  /// Tells the server whether the stream is paused, if there is a session.
  void sendPause() {
    Link way = link;
    if (way != null) {
      ByteBuf frame = way.begin(SMALL_FRAME);
      codec.pause(frame, pause.isOn());
      way.end(frame);
      way.flush();
    }
  }

  /// Writes what may be written now.
  void write() {
    Link way = link;
    if (way == null) {
      return;
    }
    sendAsks(way);
    while (mayWrite(way)) {
      writeNext(way);
      sendAsks(way);
    }
    way.flush();
    if (isOpen(way) && closing && !closeSent && outbox.isEmpty() && asks.isEmpty()) {
      closeSent = true;
      ByteBuf frame = way.begin(SMALL_FRAME);
      codec.close(frame);
      way.end(frame);
      way.flush();
    }
  }

  /// Whether a connection is still the one to write to.
  private boolean isOpen(Link way) {
    return way.equals(link);
  }

  private boolean mayWrite(Link way) {
    if (!isOpen(way)
        || pause.isOn()
        || closeSent
        || outbox.peek() == null
        || outbox.inFlight() >= window.size()
        || window.isHeld()) {
      return false;
    }
    if (way.isFull()) {
      way.flush();
      return isOpen(way) && !way.isFull();
    }
    return true;
  }

  private void writeNext(Link way) {
    Pending pending = outbox.peek();
    if (pending == null) {
      return;
    }
    ByteBuf frame = way.begin(codec.sizeOf(pending.observation));
    try {
      codec.observation(
          frame, pending.observation, pending.id, outbox.nextSequence(), pending.priority);
    } catch (RuntimeException e) {
      way.discard(frame);
      settlement.fail(
          outbox.giveUp(),
          new MyelinException(
              "invalid_episode", "The observation cannot be written: " + e.getMessage(), null, e));
      return;
    }
    way.end(frame);
    outbox.wrote();
  }

  private void sendAsks(Link way) {
    Ask next = asks.peek();
    while (isOpen(way) && next != null && (pause.isOn() || outbox.hasWritten(next.after))) {
      Ask ask = asks.take();
      ByteBuf frame = way.begin(FRAME + ask.query.embedding().dimension() * Float.BYTES);
      codec.recall(frame, ask.requestId, ask.query);
      way.end(frame);
      next = asks.peek();
    }
  }
}
