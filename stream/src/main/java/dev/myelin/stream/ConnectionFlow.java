package dev.myelin.stream;

import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.model.SessionId;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ServerMessage.Pressure;
import dev.myelin.stream.ServerMessage.State;
import dev.myelin.stream.ServerMessage.Status;
import dev.myelin.stream.pressure.LanePressure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What one client asked of the flow, and what it was told of the pressure. Confined to the event
/// loop, but for the volatile fields, which the timer and the committer read.
final class ConnectionFlow {
  private final ReplyWriter writer;
  private final ObservationService service;

  private boolean paused;
  private boolean wantsPressure;
  private Instant noticedAt = Instant.MIN;
  private int recallCredit = Integer.MAX_VALUE;
  private volatile boolean starved;
  private volatile boolean slow;
  private volatile boolean noticedHigh;
  private volatile Lane lane = Lane.NORMAL;

  ConnectionFlow(ReplyWriter writer, ObservationService service) {
    this.writer = writer;
    this.service = service;
  }

  void begin(boolean backpressure) {
    wantsPressure = backpressure;
  }

  boolean isPaused() {
    return paused;
  }

  /// Whether replies wait for the next tick.
  boolean isSlow() {
    return slow;
  }

  /// Does what a client asks, and says what it means.
  String steer(FlowAction action, int bufferRemaining) {
    switch (action) {
      case PAUSE -> paused = true;
      case RESUME -> paused = false;
      case SLOW_DOWN -> slow = true;
      case SPEED_UP -> hurry();
      case BUFFER_STATUS -> recallCredit = Math.max(0, bufferRemaining);
    }
    if (paused) {
      return Texts.NOW_PAUSED;
    }
    return slow ? Texts.NOW_SLOW : Texts.NOW_ACTIVE;
  }

  /// Replies wait for nothing any more.
  void hurry() {
    slow = false;
    recallCredit = Integer.MAX_VALUE;
  }

  /// Whether one more batch of an answer may be sent: as many as the client has room for, and when
  /// it has none (or asked to slow down) one with every tick, so that nothing waits forever.
  boolean takeRecallCredit() {
    if (recallCredit == 0) {
      starved = true;
      return false;
    }
    if (recallCredit != Integer.MAX_VALUE) {
      recallCredit--;
    } else if (slow) {
      recallCredit = 0;
    }
    return true;
  }

  /// An observation goes to a lane; tells the client if the pressure there changed.
  void note(SessionId session, Lane next) {
    if (lane != next) {
      lane = next;
    }
    if (wantsPressure && service.pressure(next).isHigh() != noticedHigh) {
      tellPressure(session);
    }
  }

  /// Whether the connection waits for a tick.
  boolean wantsTick() {
    return slow || starved || (wantsPressure && service.pressure(lane).isHigh() != noticedHigh);
  }

  void tick(@Nullable SessionId session) {
    if (starved || (slow && recallCredit == 0)) {
      starved = false;
      recallCredit = Math.max(1, recallCredit);
    }
    if (session != null && wantsPressure && service.pressure(lane).isHigh() != noticedHigh) {
      tellPressure(session);
    }
  }

  private void tellPressure(SessionId session) {
    Instant now = service.clock().instant();
    if (writer.isFull() || now.isBefore(noticedAt.plus(service.config().pressureInterval()))) {
      return; // the next observation or tick tries again
    }
    noticedAt = now;
    noticedHigh = !noticedHigh;
    LanePressure pressure = service.pressure(lane);
    LaneLoad load = pressure.load();
    writer.message(
        noticedHigh
            ? new Status(
                session,
                State.BACKPRESSURE,
                Texts.underPressure(lane, load, pressure.retryAfter(load)),
                writer.last(),
                pressureOf(load),
                pressure.retryAfter(load))
            : status(session, paused ? State.PAUSED : State.ACTIVE, Texts.CALM));
    writer.flush();
  }

  /// The state of the stream, with the pressure of its lane.
  Status status(SessionId session, State state, String text) {
    Pressure now = pressureOf(service.pressure(lane).load());
    return new Status(session, state, text, writer.last(), now, null);
  }

  private static Pressure pressureOf(LaneLoad load) {
    return new Pressure(load.depth(), load.capacity(), load.pressure());
  }
}
