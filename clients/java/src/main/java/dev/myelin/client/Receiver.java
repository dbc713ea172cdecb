package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.wire.Reply;
import org.jspecify.annotations.Nullable;

/// Takes in what the server says in an open session. The stream's loop.
final class Receiver {

  /// What a reply can mean for the session as a whole.
  interface Session {
    /// The server closed it.
    void closed(Reply.Status status);

    /// Its connection is of no more use.
    void lost(MyelinException reason);
  }

  private final Settlement settlement;
  private final Asks asks;
  private final SendWindow window;
  private final Pause pause;
  private final Pump pump;
  private final StreamListener listener;
  private final Session session;

  Receiver(
      Settlement settlement,
      Asks asks,
      SendWindow window,
      Pause pause,
      Pump pump,
      StreamListener listener,
      Session session) {
    this.settlement = settlement;
    this.asks = asks;
    this.window = window;
    this.pause = pause;
    this.pump = pump;
    this.listener = listener;
    this.session = session;
  }

  void take(Reply reply) {
    switch (reply) {
      case Reply.Accepted accepted -> settled(settlement.accepted(accepted));
      case Reply.Range range -> settled(settlement.range(range));
      case Reply.Rejected rejected -> settled(settlement.rejected(rejected));
      case Reply.Indexed indexed -> listener.indexed(indexed.sequence(), indexed.memoryId());
      case Reply.Status status -> status(status);
      case Reply.Found found -> found(found);
      case Reply.Failed failed -> failed(failed);
      case Reply.Opened _, Reply.Heartbeat _, Reply.Unknown _ -> {
        // A sign of life, which is noted already.
      }
    }
  }

  private void settled(@Nullable MyelinException fault) {
    if (fault == null) {
      pump.soon();
    } else {
      session.lost(fault);
    }
  }

  private void status(Reply.Status status) {
    switch (status.state()) {
      case ACTIVE -> {
        window.widen();
        tellPressure(status);
        pause.answered();
      }
      case PAUSED -> pause.answered();
      case BACKPRESSURE -> {
        window.narrow();
        tellPressure(status);
      }
      case OVERLOADED -> {
        window.narrow();
        window.hold(status.retryAfter());
        tellPressure(status);
      }
      case CLOSED -> {
        session.closed(status);
        return;
      }
      case ERROR, UNKNOWN -> {
        // What it concerns is answered by itself.
      }
    }
    pump.now();
  }

  private void tellPressure(Reply.Status status) {
    listener.pressure(status.pressure(), window.size());
  }

  private void found(Reply.Found reply) {
    if (asks.found(reply)) {
      pump.soon();
    }
  }

  /// An error that names neither an observation nor a recall is on the oldest recall, if there is
  /// one: older servers name none.
  private void failed(Reply.Failed reply) {
    if (reply.sequence() <= 0 && asks.fail(reply.request(), reply.reason())) {
      pump.now();
    } else {
      session.lost(reply.reason());
    }
  }
}
