package dev.myelin.edge.gateway.socket;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.edge.fanout.Flushable;
import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.live.connection.ConnectionInfo;
import dev.myelin.live.connection.LiveConnection;
import dev.myelin.live.connection.Offered;
import dev.myelin.live.connection.Outbox;
import dev.myelin.live.timer.Timeout;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of the gateway: what goes in and out, how full it is, how it ends. What is said
/// on it is the matter of its [Commands].
///
/// **Order.** Commands are carried out one after the other: while one waits for the disk, the
/// socket is not read. **Bounds.** What waits to be sent is bounded by an outbox, made when it is
/// needed. **Threads.** Confined to the socket's event loop, but for what [LiveConnection] says.
final class GatewaySocket
    implements SocketListener, Flushable, LiveConnection, Outbox.Sink<OutFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(GatewaySocket.class);
  private static final int CLOSE_RESTART = 1012;
  private static final int CLOSE_ERROR = 1011;

  private final Gateway gateway;
  private final WebSocketChannel channel;
  private final Handshake handshake;
  private final String id = UUID.randomUUID().toString();
  private final Instant openedAt;
  private final Visitor visitor;
  private Dialect dialect = Dialect.SIMPLE;
  private boolean dirty;
  private boolean gone;

  /// Commands that others wait for.
  private int busy;

  private int inFlight;
  private long accounted;
  private @Nullable Outbox<OutFrame> outbox;
  private @Nullable Batch batch;
  private @Nullable Strikes strikes;
  private @Nullable Iterator<Inbound> rest;

  // Read by other threads, for which they may be a little old.
  private long received;
  private long sent;

  GatewaySocket(Gateway gateway, WebSocketChannel channel, Handshake handshake) {
    this.gateway = gateway;
    this.channel = channel;
    this.handshake = handshake;
    this.openedAt = ground().clock().instant();
    this.visitor = new Visitor(this);
    handshake.place().register(this);
    gateway.metrics().opened();
  }

  /// Greets the client, or waits for it to say who it is.
  void open() {
    Principal principal = handshake.principal();
    if (principal != null) {
      visitor.greet(principal, handshake);
    }
    flushNow();
  }

  Ground ground() {
    return gateway.ground();
  }

  Gateway gateway() {
    return gateway;
  }

  Handshake handshake() {
    return handshake;
  }

  Visitor visitor() {
    return visitor;
  }

  Dialect dialect() {
    return dialect;
  }

  void talk(Dialect other) {
    dialect = other;
  }

  void batch(Duration wait) {
    batch = new Batch(this, wait);
  }

  boolean takesBatches() {
    return batch != null;
  }

  boolean isGone() {
    return gone || channel.isClosing();
  }

  /// The client has said who it is.
  void established() {
    channel.established();
  }

  // ---- LiveConnection

  @Override
  public String id() {
    return id;
  }

  @Override
  public ConnectionInfo info() {
    Principal principal = visitor.principal();
    Outbox<OutFrame> waiting = outbox;
    return new ConnectionInfo(
        id,
        principal == null ? "" : principal.tenant(),
        principal == null ? "" : principal.subject(),
        visitor.clientId().isEmpty() ? null : visitor.clientId(),
        handshake.address(),
        "websocket",
        openedAt,
        new ConnectionInfo.Traffic(
            visitor.subscriptionCount(), received, sent, waiting == null ? 0 : waiting.bytes()));
  }

  @Override
  public void end(String reason) {
    channel.execute(
        () -> fail(GatewayError.of(GatewayCode.PERMISSION_DENIED, reason).closing(), false));
  }

  // ---- out

  /// A message that must arrive.
  void push(byte[] message) {
    push(OutFrame.lasting(message));
  }

  private void push(OutFrame frame) {
    sent++;
    gateway.metrics().sent();
    if (batch != null) {
      batch.add(frame.text());
    } else {
      out(frame);
    }
  }

  /// Hands a frame to the socket, or keeps it for when the client has read.
  void out(OutFrame frame) {
    if (outbox == null && takesMore()) {
      write(frame);
      return;
    }
    if (outbox == null) {
      outbox = new Outbox<>(ground().options().outbox());
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
        out(OutFrame.lasting(Words.error(slow, null, dialect)));
      }
      case OVER_HARD -> tooSlow();
    }
  }

  /// Tells how much waits, where it is added up.
  private void account() {
    long now = outbox == null ? 0 : outbox.bytes();
    gateway.metrics().waits(now - accounted);
    accounted = now;
  }

  private void tooSlow() {
    fail(
        GatewayError.of(
                GatewayCode.SLOW_CONSUMER,
                "Too much waited for you. Connect again and resume: you get what you missed.")
            .closing(),
        true);
  }

  @Override
  public boolean takesMore() {
    return !channel.isFull();
  }

  @Override
  public void write(OutFrame frame) {
    channel.writeText(frame.text(), frame.text().length);
  }

  /// Whether so much waits that reading logs for this client has to wait too.
  boolean isSlow() {
    return outbox != null || channel.isFull();
  }

  /// An event of a channel, encoded once for all who hear it.
  void tell(Subscription subscription, EncodedEvent event) {
    if (event.message().type().equals("channel.deleted")) {
      lost(subscription);
    }
    byte[] text = event.bytes(dialect.form());
    boolean ephemeral = event.isEphemeral();
    push(new OutFrame(text, ephemeral, ephemeral ? keyOf(event) : null));
    if (!ephemeral) {
      visitor.spent();
    }
    if (!dirty) {
      dirty = true;
      subscription.flushSoon();
    }
  }

  /// Presence tells what changed, so each of its messages counts; of all else the latest says it.
  private static @Nullable Object keyOf(EncodedEvent event) {
    String type = event.message().type();
    return type.equals("channel.presence") || type.startsWith("assistant.")
        ? null
        : type + " " + event.message().channel().name();
  }

  /// Says something to the client.
  void say(Envelope envelope) {
    push(Envelopes.message(envelope, dialect.form()));
  }

  /// Answers a command, as it was said.
  void reply(Inbound command, Envelope envelope) {
    push(Envelopes.message(envelope, command.dialect().form()));
  }

  @Override
  public void flush() {
    dirty = false;
    flushNow();
  }

  void flushNow() {
    channel.flush();
  }

  @Override
  public void writable() {
    if (outbox != null) {
      if (outbox.drain(this)) {
        outbox = null;
        visitor.proceed();
      }
      account();
    }
    channel.flush();
  }

  @Override
  public void overdue() {
    tooSlow();
  }

  // ---- in

  @Override
  public void text(byte[] bytes, int length) {
    received++;
    List<Inbound> messages;
    try {
      messages = InboundReader.read(bytes, length, batch != null);
    } catch (JsonFailure e) {
      gateway.metrics().received("invalid");
      refuse(null, GatewayError.of(GatewayCode.INVALID_MESSAGE_FORMAT, e.text()));
      flushNow();
      return;
    }
    if (messages.size() > 1) {
      rest = messages.iterator();
      goOn();
    } else {
      handle(messages.getFirst());
    }
    flushNow();
  }

  private void handle(Inbound message) {
    try {
      gateway.commands().handle(this, message);
    } catch (ServiceException e) {
      refuse(message, GatewayError.of(e));
    } catch (RuntimeException e) {
      broken(message, e);
    }
  }

  /// Handles what is left of a batch, until a command has to wait.
  private void goOn() {
    while (busy == 0 && !isGone() && rest != null) {
      Iterator<Inbound> left = rest;
      if (left.hasNext()) {
        handle(left.next());
      } else {
        rest = null;
      }
    }
  }

  @Override
  public void binary(byte[] bytes, int length) {
    received++;
    gateway.metrics().received("binary");
    refuse(
        null,
        GatewayError.of(
            GatewayCode.INVALID_MESSAGE_FORMAT,
            "A binary frame (expected: JSON in a text frame; this server takes no files here)."));
    flushNow();
  }

  @Override
  public void skipped(String text) {
    received++;
    refuse(
        null,
        GatewayError.of(GatewayCode.INVALID_MESSAGE_FORMAT, "Message too large: " + text)
            .named("MESSAGE_TOO_LARGE")
            .with("max_bytes", ground().options().maxMessageBytes()));
    flushNow();
  }

  @Override
  public void violated(Violation violation, String text) {
    gateway.metrics().error(GatewayCode.INVALID_MESSAGE_FORMAT);
    push(
        Words.error(
            GatewayError.of(GatewayCode.INVALID_MESSAGE_FORMAT, "Unreadable: " + text).closing(),
            null,
            dialect));
    if (batch != null) {
      batch.send();
    }
  }

  // ---- work that waits

  /// What is done elsewhere; gives what is to be done with it on the event loop.
  @FunctionalInterface
  interface Work {
    Runnable run();
  }

  /// Does something that may block on a thread of its own, and then the rest here, if the
  /// connection is still there.
  void offLoop(Work work) {
    ground()
        .blocking()
        .execute(() -> {
          Runnable then;
          try {
            then = work.run();
          } catch (RuntimeException e) {
            then = () -> broken(null, e);
          }
          channel.execute(then);
        });
  }

  /// The same for a command: no other is begun before it is over.
  void offLoop(Inbound command, Work work) {
    busy++;
    channel.read(false);
    offLoop(() -> {
      Runnable then = attempted(command, work);
      return () -> {
        try {
          then.run();
        } catch (ServiceException e) {
          refuse(command, GatewayError.of(e));
        } catch (RuntimeException e) {
          broken(command, e);
        }
        busy--;
        goOn();
        if (busy == 0 && inFlight < GatewayOptions.MAX_IN_FLIGHT) {
          channel.read(true);
        }
        flushNow();
      };
    });
  }

  private Runnable attempted(Inbound command, Work work) {
    try {
      return work.run();
    } catch (ServiceException e) {
      return () -> refuse(command, GatewayError.of(e));
    } catch (RuntimeException e) {
      return () -> broken(command, e);
    }
  }

  /// A command is under way that others need not wait for.
  void began() {
    if (++inFlight >= GatewayOptions.MAX_IN_FLIGHT) {
      channel.read(false);
    }
  }

  /// Such a command is over; from any thread.
  void over(Runnable then) {
    channel.execute(() -> {
      try {
        then.run();
      } catch (RuntimeException e) {
        broken(null, e);
      }
      if (--inFlight == GatewayOptions.MAX_IN_FLIGHT - 1 && busy == 0) {
        channel.read(true);
      }
      flushNow();
    });
  }

  /// Does something later, on the event loop.
  Timeout later(Duration wait, Runnable task) {
    return ground().live().wheel().schedule(wait, () -> channel.execute(task));
  }

  void execute(Runnable task) {
    channel.execute(task);
  }

  Executor loop() {
    return channel.loop();
  }

  // ---- what goes wrong

  /// Tells the client of an error; closes if there were too many, or if it is fatal.
  void refuse(@Nullable Inbound command, GatewayError what) {
    GatewayError error = command == null ? what : what.of(command.type());
    Strikes counted = Strikes.orNew(strikes, error.code());
    strikes = counted;
    long now = System.nanoTime() / 1_000_000;
    if (!error.fatal() && counted != null && counted.isOneTooMany(error.code(), now)) {
      error = error.closing();
    }
    LOG.atDebug()
        .addKeyValue("connection", id)
        .addKeyValue("correlation", command == null ? null : command.correlationId())
        .addKeyValue("type", command == null ? null : command.type())
        .addKeyValue("code", error.code())
        .log("refused");
    if (error.fatal()) {
      fail(command, error, true);
    } else {
      gateway.metrics().error(error.code());
      push(Words.error(error, command, command == null ? dialect : command.dialect()));
    }
  }

  /// Tells of an error that is a part of how a command went; not one of many, and not fatal.
  void say(GatewayError error, Inbound command) {
    gateway.metrics().error(error.code());
    push(Words.part(error, command));
  }

  void fail(GatewayError error, boolean resumable) {
    fail(null, error, resumable);
  }

  /// Says why, then closes with the error's number.
  private void fail(@Nullable Inbound command, GatewayError error, boolean resumable) {
    gateway.metrics().error(error.code());
    if (batch != null) {
      batch.send();
    }
    // Not through the outbox: what waits there is not sent any more.
    byte[] last = Words.error(error, command, command == null ? dialect : command.dialect());
    channel.writeText(last, last.length);
    boolean resumes = resumable && visitor.isEstablished();
    channel.close(error.code().number(), error.closeReason(resumes));
  }

  /// A failure that nobody meant.
  private void broken(@Nullable Inbound command, RuntimeException e) {
    String errorId = UUID.randomUUID().toString();
    LOG.atError()
        .setCause(e)
        .addKeyValue("correlation", command == null ? errorId : command.correlationId())
        .addKeyValue("error", errorId)
        .log("a command failed");
    refuse(
        command,
        GatewayError.of(
                GatewayCode.INTERNAL,
                "Something went wrong here; try again. Error " + errorId + ".")
            .with("error_id", errorId));
  }

  // ---- times and the end

  @Override
  public void heartbeat() {
    visitor.proceed();
  }

  @Override
  public void late(Delay delay) {
    switch (delay) {
      case INIT ->
          fail(
              GatewayError.of(
                      GatewayCode.INVALID_TOKEN,
                      "No connection.init within "
                          + ground().options().initTimeout().toSeconds()
                          + " s. Connect again, and send it first.")
                  .closing(),
              false);
      case PONG ->
          fail(
              GatewayError.of(
                      GatewayCode.HEARTBEAT_TIMEOUT,
                      "No answer to a ping. Connect again and resume.")
                  .closing(),
              true);
    }
  }

  /// Closes because the server ends, after it was announced.
  void restart() {
    if (batch != null) {
      batch.send();
    }
    channel.close(CLOSE_RESTART, "RESTART;retry_after_ms=0;resume=1");
  }

  void closeBroken(String reason) {
    channel.close(CLOSE_ERROR, reason);
  }

  /// The log has not what this client missed: a snapshot makes it whole.
  void lost(Subscription subscription) {
    visitor.snapshot(subscription);
  }

  /// A channel is no more.
  void channelEnded(Subscription subscription) {
    visitor.dropped(subscription, "deleted", false);
    flushNow();
  }

  @Override
  public void closedByClient(int code) {
    visitor.leaves(code);
  }

  @Override
  public void gone() {
    if (!gone) {
      gone = true;
      outbox = null;
      account();
      batch = null;
      rest = null;
      visitor.gone();
      handshake.place().close();
      gateway.metrics().closed();
    }
  }
}
