package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.message.Dialect;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.live.connection.ConnectionInfo;
import dev.myelin.live.connection.LiveConnection;
import dev.myelin.live.timer.Timeout;
import dev.myelin.model.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executor;

/// One connection of the gateway: brings together who is there, what goes in and out, and how it
/// ends. What is said on it is the matter of [Talk].
///
/// **Order.** Commands are carried out one after the other: while one waits for the disk, the
/// socket is not read. **Threads.** Confined to the socket's event loop, but for what
/// [LiveConnection] says.
public final class GatewaySocket implements SocketListener, LiveConnection {
  private static final int CLOSE_RESTART = 1012;

  private final Desk desk;
  private final WebSocketChannel channel;
  private final Handshake handshake;
  private final String id = UUID.randomUUID().toString();
  private final Instant openedAt;
  private final Visitor visitor;
  private final Seats seats;
  private final Outlet out;
  private final Inlet in;
  private final Tasks tasks;
  private final Faults faults;
  private Dialect dialect = Dialect.SIMPLE;
  private boolean gone;

  public GatewaySocket(Desk desk, WebSocketChannel channel, Handshake handshake) {
    this.desk = desk;
    this.channel = channel;
    this.handshake = handshake;
    this.openedAt = ground().clock().instant();
    this.visitor = new Visitor(this);
    this.seats = new Seats(this);
    this.out = new Outlet(this, channel);
    this.in = new Inlet(this);
    this.tasks = new Tasks(this, channel);
    this.faults = new Faults(this);
    handshake.place().register(this);
    desk.metrics().opened();
  }

  /// Greets the client, or waits for it to say who it is.
  public void open() {
    if (handshake.principal() != null) {
      desk.talk().greet(this);
    }
    out.flushNow();
  }

  public Desk desk() {
    return desk;
  }

  public Ground ground() {
    return desk.ground();
  }

  public Handshake handshake() {
    return handshake;
  }

  public Visitor visitor() {
    return visitor;
  }

  public Seats seats() {
    return seats;
  }

  public Outlet out() {
    return out;
  }

  public Tasks tasks() {
    return tasks;
  }

  public Faults faults() {
    return faults;
  }

  public Dialect dialect() {
    return dialect;
  }

  /// Talks so from now on.
  public void talk(Dialect other) {
    dialect = other;
  }

  boolean isGone() {
    return gone || channel.isClosing();
  }

  /// The client has said who it is.
  void established() {
    channel.established();
  }

  /// Does something later, on the event loop.
  public Timeout later(Duration wait, Runnable task) {
    return ground().live().wheel().schedule(wait, () -> channel.execute(task));
  }

  /// Does something on the event loop. Any thread.
  public void execute(Runnable task) {
    channel.execute(task);
  }

  Executor loop() {
    return channel.loop();
  }

  // ---- as others see it

  @Override
  public String id() {
    return id;
  }

  @Override
  public ConnectionInfo info() {
    Principal principal = visitor.principal();
    return new ConnectionInfo(
        id,
        principal == null ? "" : principal.tenant(),
        principal == null ? "" : principal.subject(),
        visitor.clientId().isEmpty() ? null : visitor.clientId(),
        handshake.address(),
        "websocket",
        openedAt,
        new ConnectionInfo.Traffic(seats.count(), in.received(), out.sent(), out.waitingBytes()));
  }

  @Override
  public void end(String reason) {
    channel.execute(
        () -> faults.fail(GatewayError.of(GatewayCode.PERMISSION_DENIED, reason).closing(), false));
  }

  // ---- what happens to it

  @Override
  public void text(byte[] bytes, int length) {
    in.text(bytes, length);
    out.flushNow();
  }

  /// A command is over: others may have waited for it.
  void goOn() {
    in.goOn();
  }

  @Override
  public void binary(byte[] bytes, int length) {
    in.binary();
    out.flushNow();
  }

  @Override
  public void skipped(String text) {
    in.skipped(text);
    out.flushNow();
  }

  @Override
  public void violated(Violation violation, String text) {
    faults.unreadable(text);
  }

  @Override
  public void writable() {
    if (out.drain()) {
      seats.proceed();
    }
    out.flushNow();
  }

  @Override
  public void overdue() {
    out.tooSlow();
  }

  @Override
  public void heartbeat() {
    seats.proceed();
  }

  @Override
  public void late(Delay delay) {
    switch (delay) {
      case INIT ->
          faults.fail(
              GatewayError.of(
                      GatewayCode.INVALID_TOKEN,
                      "No connection.init within "
                          + ground().options().initTimeout().toSeconds()
                          + " s. Connect again, and send it first.")
                  .closing(),
              false);
      case PONG ->
          faults.fail(
              GatewayError.of(
                      GatewayCode.HEARTBEAT_TIMEOUT,
                      "No answer to a ping. Connect again and resume.")
                  .closing(),
              true);
    }
  }

  // ---- the end

  /// Closes because the server ends, after it was announced.
  public void restart() {
    out.send();
    channel.close(CLOSE_RESTART, "RESTART;retry_after_ms=0;resume=1");
  }

  void close(int code, String reason) {
    channel.close(code, reason);
  }

  @Override
  public void closedByClient(int code) {
    visitor.leaves(code);
  }

  @Override
  public void gone() {
    if (!gone) {
      gone = true;
      out.gone();
      in.gone();
      visitor.gone();
      seats.clear();
      handshake.place().close();
      desk.metrics().closed();
    }
  }
}
