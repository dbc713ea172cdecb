package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.edge.fanout.Flushable;
import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.live.connection.Offered;
import dev.myelin.live.connection.Outbox;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What goes out on a connection. What waits for a slow client is bounded by an outbox, which is
/// made when it is needed.
///
/// **Threads.** Confined to the connection's event loop, but for the numbers that others may read.
public final class Outlet implements Flushable, Outbox.Sink<OutFrame> {
  /// One in so many messages of a connection has its way timed.
  private static final int TIMED = 16;

  private final GatewaySocket socket;
  private final WebSocketChannel channel;
  private final GatewayMetrics metrics;
  private boolean dirty;
  private long accounted;
  private @Nullable Outbox<OutFrame> outbox;
  private @Nullable Batch batch;

  // Read by other threads, for which it may be a little old.
  private long sent;

  Outlet(GatewaySocket socket, WebSocketChannel channel) {
    this.socket = socket;
    this.channel = channel;
    this.metrics = socket.desk().metrics();
  }

  /// Puts messages together from now on.
  ///
  /// @param wait how long one may wait for others
  public void batch(Duration wait) {
    batch = new Batch(socket, wait);
  }

  boolean takesBatches() {
    return batch != null;
  }

  /// Messages so far. Any thread.
  long sent() {
    return sent;
  }

  /// What waits for the client to read. Any thread.
  long waitingBytes() {
    Outbox<OutFrame> waiting = outbox;
    return waiting == null ? 0 : waiting.bytes();
  }

  // ---- saying

  /// Says something to the client.
  public void say(Envelope envelope) {
    push(envelope.type(), Envelopes.message(envelope, socket.dialect().form()));
  }

  /// Answers a command, as it was said.
  public void reply(Inbound command, Envelope envelope) {
    socket.desk().talk().answered(socket, command, envelope);
    again(command, envelope);
  }

  /// Gives a command the reply that it had before.
  public void again(Inbound command, Envelope envelope) {
    metrics.answered(command);
    push(envelope.type(), Envelopes.message(envelope, command.dialect().form()));
  }

  /// Sends a message that must arrive.
  public void push(String type, byte[] message) {
    push(type, OutFrame.lasting(message));
  }

  /// Sends an event that happens now, encoded once for all who hear it.
  void tell(Subscription subscription, EncodedEvent event) {
    byte[] text = event.bytes(socket.dialect().form());
    boolean ephemeral = event.isEphemeral();
    if (sent % TIMED == 0) {
      metrics.told(event.message().at());
    }
    push(event.message().type(), new OutFrame(text, ephemeral, ephemeral ? keyOf(event) : null));
    if (!dirty) {
      dirty = true;
      subscription.flushSoon(this);
    }
  }

  /// Presence tells what changed, so each of its messages counts; of all else the latest says it.
  private static @Nullable Object keyOf(EncodedEvent event) {
    String type = event.message().type();
    return type.equals("channel.presence") || type.startsWith("assistant.")
        ? null
        : type + " " + event.message().channel().name();
  }

  private void push(String type, OutFrame frame) {
    sent++;
    metrics.sent(type);
    if (batch != null) {
      batch.add(frame.text());
    } else {
      put(frame);
    }
  }

  /// Hands a frame to the socket, or keeps it for when the client has read.
  void put(OutFrame frame) {
    if (outbox == null && takesMore()) {
      write(frame);
      return;
    }
    if (outbox == null) {
      outbox = new Outbox<>(socket.ground().options().outbox());
    }
    Offered offered = outbox.offer(frame, this);
    account();
    switch (offered) {
      case SENT, HELD, MERGED, LEFT_OUT -> {
        // As it should be.
      }
      case OVER_SOFT -> {
        GatewayError slow =
            GatewayError.of(
                GatewayCode.SLOW_CONSUMER,
                "You read too slowly: what may wait for you is almost used up. Read faster, or"
                    + " subscribe to less.");
        metrics.error(slow.code());
        put(OutFrame.lasting(Words.error(slow, null, socket.dialect())));
      }
      case OVER_HARD -> tooSlow();
    }
  }

  void tooSlow() {
    socket
        .faults()
        .fail(
            GatewayError.of(
                    GatewayCode.SLOW_CONSUMER,
                    "Too much waited for you. Connect again and resume: you get what you missed.")
                .closing(),
            true);
  }

  /// Sends the last message before the connection is closed. Not through the outbox: what waits
  /// there is not sent any more.
  void last(byte[] message) {
    send();
    channel.writeText(message, message.length);
  }

  /// Hands over what waits for others to go with it.
  void send() {
    if (batch != null) {
      batch.send();
    }
  }

  // ---- waiting for the client to read

  /// Whether so much waits that reading logs for this client has to wait too.
  boolean isSlow() {
    return outbox != null || channel.isFull();
  }

  @Override
  public boolean takesMore() {
    return !channel.isFull();
  }

  @Override
  public void write(OutFrame frame) {
    channel.writeText(frame.text(), frame.text().length);
  }

  /// The client has read.
  ///
  /// @return whether nothing waits any more that did
  boolean drain() {
    boolean drained = false;
    if (outbox != null) {
      drained = outbox.drain(this);
      if (drained) {
        outbox = null;
      }
      account();
    }
    return drained;
  }

  /// Tells how much waits, where it is added up.
  private void account() {
    long now = waitingBytes();
    metrics.waits(now - accounted);
    accounted = now;
  }

  @Override
  public void flush() {
    dirty = false;
    flushNow();
  }

  /// Has all that was written go out.
  public void flushNow() {
    channel.flush();
  }

  /// The connection is gone: nothing waits for it any more.
  void gone() {
    outbox = null;
    account();
    batch = null;
  }
}
