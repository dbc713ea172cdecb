package dev.myelin.edge.wire;

import dev.myelin.journal.Lane;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.ObservationPriority;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.StreamInit;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.StreamOptions;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// `ObservationRequest` as [ClientMessage].
final class ObservationReader {
  private final SpaceId space;
  private final InstantSource clock;

  /// @param space where the connection looks if a message does not say
  ObservationReader(SpaceId space, InstantSource clock) {
    this.space = space;
    this.clock = clock;
  }

  /// @param cut what was cut out of the request before it was parsed, if anything was
  ClientMessage read(ObservationRequest request, @Nullable EmbeddingCut cut) {
    try {
      return switch (request.getOperationCase()) {
        case INIT -> init(request);
        case OBSERVATION -> observation(request, cut);
        case FLOW -> flow(request);
        case CLOSE -> new ClientMessage.Close(session(request), request.getClose().getDrainQueue());
        case RECALL -> recall(request);
        case OPERATION_NOT_SET ->
            throw invalid(
                "Empty operation: the message has none of init, observation, flow, close, recall."
                    + " Set one of them.");
      };
    } catch (ServiceException reason) {
      return new ClientMessage.Malformed(request.getRecall().getRequestId(), reason);
    }
  }

  private ClientMessage init(ObservationRequest request) {
    StreamInit init = request.getInit();
    SessionId resume = SessionId.parse(request.getSessionId()).orElse(null);
    return new ClientMessage.Init(
        space(request.getMemorySpaceId()),
        resume,
        new StreamOptions(
            (int) Math.min(Integer.toUnsignedLong(init.getClientBufferSize()), Integer.MAX_VALUE),
            init.getEnableBackpressure(),
            init.getBatchedAcks(),
            init.getIndexedAcks()));
  }

  private static ClientMessage observation(ObservationRequest request, @Nullable EmbeddingCut cut) {
    SessionId session = session(request);
    long sequence = request.getSequenceNumber();
    if (sequence < 0) {
      throw invalid(
          "Invalid sequence_number: "
              + Long.toUnsignedString(sequence)
              + " (expected: 1 to "
              + Long.MAX_VALUE
              + "). Number the observations from 1.");
    }
    try {
      return new ClientMessage.Observe(
          session, sequence, lane(request.getPriority()), episode(request, cut));
    } catch (ServiceException reason) {
      return new ClientMessage.Invalid(session, sequence, reason);
    }
  }

  private static Episode episode(ObservationRequest request, @Nullable EmbeddingCut cut) {
    return cut == null
        ? Episodes.read(request.getObservation())
        : Episodes.read(request.getObservation(), cut.embedding());
  }

  private static ClientMessage flow(ObservationRequest request) {
    FlowControl flow = request.getFlow();
    FlowAction action =
        switch (flow.getAction()) {
          case ACTION_PAUSE -> FlowAction.PAUSE;
          case ACTION_RESUME -> FlowAction.RESUME;
          case ACTION_SLOW_DOWN -> FlowAction.SLOW_DOWN;
          case ACTION_SPEED_UP -> FlowAction.SPEED_UP;
          case ACTION_BUFFER_STATUS -> FlowAction.BUFFER_STATUS;
          case ACTION_UNSPECIFIED, UNRECOGNIZED ->
              throw invalid(
                  "Unknown flow control action: "
                      + flow.getActionValue()
                      + " (expected: pause, resume, slow_down, speed_up or buffer_status)."
                      + " Set one of them.");
        };
    return new ClientMessage.Flow(session(request), action, Math.max(0, flow.getBufferRemaining()));
  }

  private ClientMessage recall(ObservationRequest request) {
    StreamingRecallRequest recall = request.getRecall();
    String name =
        recall.getMemorySpaceId().isEmpty()
            ? request.getMemorySpaceId()
            : recall.getMemorySpaceId();
    return new ClientMessage.Recall(
        recall.getRequestId(), name.isEmpty(), Recalls.read(recall, space(name), clock.instant()));
  }

  private SpaceId space(String name) {
    return name.isEmpty() ? space : new SpaceId(space.tenant(), name);
  }

  private static @Nullable SessionId session(ObservationRequest request) {
    String text = request.getSessionId();
    if (text.isEmpty()) {
      return null;
    }
    return SessionId.parse(text)
        .orElseThrow(() ->
            new ServiceException(
                ErrorCode.SESSION_MISMATCH,
                "Unknown session: "
                    + Excerpt.of(text)
                    + " (expected: the session_id of the init_ack)."
                    + " Send that one, or none."));
  }

  private static Lane lane(ObservationPriority priority) {
    return switch (priority) {
      case OBSERVATION_PRIORITY_HIGH -> Lane.HIGH;
      case OBSERVATION_PRIORITY_LOW -> Lane.LOW;
      case OBSERVATION_PRIORITY_NORMAL, OBSERVATION_PRIORITY_UNSPECIFIED, UNRECOGNIZED ->
          Lane.NORMAL;
    };
  }

  private static ServiceException invalid(String text) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, text);
  }
}
