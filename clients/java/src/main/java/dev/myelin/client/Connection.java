package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.transport.Link;
import dev.myelin.client.transport.Loop;
import dev.myelin.client.wire.Codec;
import dev.myelin.client.wire.Reply;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A stream's connection, one after the other: has it made, waits for the session to open, and
/// looks for signs of life until it is dropped. The stream's loop.
final class Connection implements Link.Listener {

  /// Who the connection is for.
  interface User {
    /// There is a connection: the user asks for a session on it.
    void connected(Link link);

    /// The session is open.
    void opened(Link link, Reply.Opened reply);

    /// A reply in the open session.
    void received(Reply reply);

    /// The connection has room.
    void writable();

    /// The connection broke and must not be written to; may come while it is written to.
    void disconnected(MyelinException reason);

    /// The connection is of no more use.
    void lost(MyelinException reason);

    /// The server gives signs of life.
    void alive();

    /// A callback failed.
    void failed(RuntimeException fault);
  }

  private enum Phase {
    NONE,
    CONNECTING,
    OPEN
  }

  private final Loop loop;
  private final Codec codec;
  private final Consumer<Link.Listener> opener;
  private final ClientOptions options;
  private final User user;
  private final Watchdog watchdog;
  private Phase phase = Phase.NONE;
  private @Nullable Link link;
  private Loop.@Nullable Timer timer;

  Connection(Courier.Equipment equipment, ClientOptions options, User user) {
    this.loop = equipment.loop();
    this.codec = equipment.codec();
    this.opener = equipment.opener();
    this.options = options;
    this.user = user;
    this.watchdog = new Watchdog(loop, options.watchdog(), user::alive, user::lost);
  }

  /// Has a connection made; the user hears of it, or of its loss.
  void make() {
    phase = Phase.CONNECTING;
    opener.accept(this);
  }

  @Override
  public void connected(Link made) {
    if (phase != Phase.CONNECTING) {
      made.close();
      return;
    }
    link = made;
    watchdog.sign();
    timer = loop.schedule(options.connectTimeout(), this::notOpened);
    user.connected(made);
  }

  private void notOpened() {
    user.lost(
        new MyelinException(
            MyelinException.TIMEOUT, "The server did not open a session in time.", null));
  }

  @Override
  public void received(ByteBuffer frame) {
    watchdog.sign();
    Reply reply;
    try {
      reply = codec.decode(frame);
    } catch (MyelinException e) {
      user.lost(e);
      return;
    }
    try {
      switch (phase) {
        case CONNECTING -> greet(reply);
        case OPEN -> user.received(reply);
        case NONE -> {
          // It was given up.
        }
      }
    } catch (RuntimeException e) {
      // A listener that throws, or a fault of ours: nobody may wait for ever.
      user.failed(e);
    }
  }

  /// Nothing but these two counts before the session is open.
  private void greet(Reply reply) {
    Link made = link;
    if (reply instanceof Reply.Opened opened && made != null) {
      stopTimer();
      phase = Phase.OPEN;
      watchdog.watch(made);
      user.opened(made, opened);
    } else if (reply instanceof Reply.Failed failed) {
      user.lost(failed.reason());
    }
  }

  @Override
  public void alive() {
    watchdog.sign();
  }

  @Override
  public void writable() {
    user.writable();
  }

  @Override
  public void disconnected(MyelinException reason) {
    link = null;
    user.disconnected(reason);
  }

  /// Ends the connection if there is one.
  void drop() {
    phase = Phase.NONE;
    stopTimer();
    watchdog.stop();
    Link old = link;
    link = null;
    if (old != null) {
      old.close();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
