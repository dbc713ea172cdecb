package dev.myelin.stream;

import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.memory.Remember;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.stream.ClientMessage.Invalid;
import dev.myelin.stream.ClientMessage.Observe;
import dev.myelin.stream.StreamMetrics.Fate;
import dev.myelin.stream.pressure.LanePressure;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where observations of one connection come in: checks their numbers, and commits or refuses them.
/// Confined to the connection's event loop.
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final ObservationConnection connection;
  private final ObservationService service;
  private final ConnectionFlow flow;

  Intake(ObservationConnection connection, ObservationService service, ConnectionFlow flow) {
    this.connection = connection;
    this.service = service;
    this.flow = flow;
  }

  void observe(Session session, Observe message) {
    boolean indexed = connection.wantsIndexing(message.episode());
    Observation observation = take(session, message.sequence(), message.lane(), indexed);
    if (observation == null) {
      return;
    }
    LanePressure pressure = service.pressure(message.lane());
    LaneLoad load = pressure.load();
    flow.note(session.id, message.lane());
    if (flow.isPaused()) {
      observation.reject(new ServiceException(ErrorCode.SESSION_PAUSED, Texts.PAUSED));
    } else if (pressure.isOverloaded(load)) {
      Duration retryAfter = pressure.retryAfter(load);
      String text = Texts.overloaded(message.lane(), load, retryAfter);
      observation.reject(new ServiceException(ErrorCode.OVERLOADED, text, retryAfter));
    } else {
      commit(new Remember(session.space, message.episode(), message.lane()), observation);
    }
  }

  void reject(Session session, Invalid message) {
    Observation observation = take(session, message.sequence(), Lane.NORMAL, false);
    if (observation != null) {
      observation.reject(message.reason());
    }
  }

  private void commit(Remember request, Observation observation) {
    try {
      service.memories().commit(request, observation);
    } catch (ServiceException e) {
      observation.refused(e.code() == ErrorCode.OVERLOADED ? overloaded(request.lane(), e) : e);
    } catch (RuntimeException e) { // a bug, but the number must have its verdict
      String reference = Texts.reference();
      LOG.atError().setCause(e).addKeyValue("reference", reference).log("commit failed");
      observation.refused(new ServiceException(ErrorCode.INTERNAL, Texts.internal(reference)));
    }
  }

  /// What the engine says when it has no room, with what it means here.
  private ServiceException overloaded(Lane lane, ServiceException refusal) {
    LanePressure pressure = service.pressure(lane);
    Duration measured = pressure.retryAfter(pressure.load());
    Duration asked = refusal.retryAfter();
    Duration retryAfter = asked == null || asked.compareTo(measured) < 0 ? measured : asked;
    String text = Texts.noRoom(refusal.text(), retryAfter);
    return new ServiceException(ErrorCode.OVERLOADED, text, retryAfter);
  }

  /// Checks a number and gives it its place among the replies; null if it is not taken.
  private @Nullable Observation take(Session session, long sequence, Lane lane, boolean indexed) {
    if (session.owner() != connection) {
      return null; // taken over: the connection is about to hear of it
    }
    if (service.isDraining()) {
      connection.fail(sequence, ErrorCode.SHUTTING_DOWN, Texts.STREAM_ENDS);
      return null;
    }
    if (sequence != session.next()) {
      outOfSequence(session, sequence, lane);
      return null;
    }
    if (!session.enter(connection)) {
      return null;
    }
    Observation observation = new Observation(session, connection, sequence, lane, indexed);
    connection.owe(observation);
    if (!session.isCurrent(observation.round())) {
      observation.voided(
          new ServiceException(ErrorCode.STORAGE_UNAVAILABLE, "A number before it was not taken."));
      return null;
    }
    return observation;
  }

  private void outOfSequence(Session session, long received, Lane lane) {
    long expected = session.next();
    if (received == 0 || Long.compareUnsigned(received, expected) > 0) {
      service.metrics().count(Fate.GAP, lane);
      connection.fail(received, ErrorCode.SEQUENCE_GAP, Texts.gap(expected, received));
      return;
    }
    service.metrics().count(Fate.DUPLICATE, lane);
    connection.owe(
        new Lookup(
            "",
            () -> {
              String text = Texts.duplicate(expected, received, service.fate(session, received));
              return Reply.failure(received, ErrorCode.SEQUENCE_DUPLICATE, text);
            },
            UnaryOperator.identity()));
  }
}
