package dev.myelin.edge.wire;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.SessionId;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.proto.engram.v1.ObservationAckBatch;
import dev.myelin.proto.engram.v1.ObservationError;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.RejectedObservation;
import dev.myelin.proto.engram.v1.StreamCapabilities;
import dev.myelin.proto.engram.v1.StreamHeartbeat;
import dev.myelin.proto.engram.v1.StreamInitAck;
import dev.myelin.proto.engram.v1.StreamStatus;
import dev.myelin.stream.ServerMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// [ServerMessage] as `ObservationResponse`.
final class ObservationWriter {
  private ObservationWriter() {}

  static ObservationResponse write(ServerMessage message, Instant now) {
    ObservationResponse.Builder response =
        ObservationResponse.newBuilder().setServerTimestamp(Timestamps.of(now));
    switch (message) {
      case ServerMessage.InitAck ack -> initAck(ack, response);
      case ServerMessage.Accepted accepted -> accepted(accepted, response);
      case ServerMessage.Rejected rejected -> rejected(rejected, response);
      case ServerMessage.AckBatch batch ->
          response
              .setSessionId(batch.session().toString())
              .setSequenceNumber(batch.to())
              .setAckBatch(ackBatch(batch));
      case ServerMessage.Indexed indexed ->
          response
              .setSessionId(indexed.session().toString())
              .setSequenceNumber(indexed.sequence())
              .setAck(
                  ObservationAck.newBuilder()
                      .setStatus(ObservationAck.Status.STATUS_INDEXED)
                      .setMemoryId(indexed.memory().value()));
      case ServerMessage.Status status ->
          response.setSessionId(status.session().toString()).setStatus(status(status));
      case ServerMessage.RecallResult result -> response.setRecall(Recalls.write(result));
      case ServerMessage.Heartbeat heartbeat ->
          response
              .setSessionId(text(heartbeat.session()))
              .setServerTimestamp(Timestamps.of(heartbeat.at()))
              .setHeartbeat(StreamHeartbeat.getDefaultInstance());
      case ServerMessage.Failure failure ->
          response
              .setSessionId(text(failure.session()))
              .setSequenceNumber(failure.sequence())
              .setError(error(failure));
    }
    return response.build();
  }

  private static ObservationError.Builder error(ServerMessage.Failure failure) {
    ObservationError.Builder error =
        ObservationError.newBuilder()
            .setCode(name(failure.code()))
            .setMessage(failure.text())
            .setSessionId(text(failure.session()))
            .setSequenceNumber(failure.sequence());
    if (!failure.requestId().isEmpty()) {
      error.setRequestId(failure.requestId());
    }
    return error;
  }

  private static void initAck(ServerMessage.InitAck ack, ObservationResponse.Builder response) {
    String session = ack.session().toString();
    response
        .setSessionId(session)
        .setInitAck(
            StreamInitAck.newBuilder()
                .setSessionId(session)
                .setInitialSequence(ack.initialSequence())
                .setCapabilities(
                    StreamCapabilities.newBuilder()
                        .setMaxObservationsPerSecond(ack.capabilities().maxObservationsPerSecond())
                        .setQueueCapacity(ack.capabilities().queueCapacity())
                        .setSupportsBackpressure(true)
                        .setSupportsSnapshotIsolation(true)));
  }

  private static void accepted(ServerMessage.Accepted ack, ObservationResponse.Builder response) {
    ObservationAck.Builder verdict =
        ObservationAck.newBuilder()
            .setStatus(ObservationAck.Status.STATUS_ACCEPTED)
            .setMemoryId(ack.memory().value())
            .setCommittedAt(Timestamps.of(ack.committedAt()));
    if (ack.replaced()) {
      verdict.setReplaced(true);
    }
    response
        .setSessionId(ack.session().toString())
        .setSequenceNumber(ack.sequence())
        .setAck(verdict);
  }

  private static void rejected(ServerMessage.Rejected ack, ObservationResponse.Builder response) {
    ObservationAck.Builder verdict =
        ObservationAck.newBuilder()
            .setStatus(ObservationAck.Status.STATUS_REJECTED)
            .setReason(ack.reason())
            .setCode(name(ack.code()));
    if (ack.retryAfter() != null) {
      verdict.setRetryAfterMs(millis(ack.retryAfter()));
    }
    response
        .setSessionId(ack.session().toString())
        .setSequenceNumber(ack.sequence())
        .setAck(verdict);
  }

  private static ObservationAckBatch ackBatch(ServerMessage.AckBatch batch) {
    ObservationAckBatch.Builder message =
        ObservationAckBatch.newBuilder()
            .setFrom(batch.from())
            .setTo(batch.to())
            .setCommittedAt(Timestamps.of(batch.committedAt()));
    for (ServerMessage.Rejected rejected : batch.rejected()) {
      RejectedObservation.Builder one =
          RejectedObservation.newBuilder()
              .setSequenceNumber(rejected.sequence())
              .setCode(name(rejected.code()))
              .setReason(rejected.reason());
      if (rejected.retryAfter() != null) {
        one.setRetryAfterMs(millis(rejected.retryAfter()));
      }
      message.addRejected(one);
    }
    return message.build();
  }

  private static StreamStatus status(ServerMessage.Status status) {
    StreamStatus.State state =
        switch (status.state()) {
          case ACTIVE -> StreamStatus.State.STATE_ACTIVE;
          case PAUSED -> StreamStatus.State.STATE_PAUSED;
          case BACKPRESSURE -> StreamStatus.State.STATE_BACKPRESSURE;
          case OVERLOADED -> StreamStatus.State.STATE_OVERLOADED;
          case ERROR -> StreamStatus.State.STATE_ERROR;
          case CLOSED -> StreamStatus.State.STATE_CLOSED;
        };
    StreamStatus.Builder message =
        StreamStatus.newBuilder()
            .setState(state)
            .setMessage(status.text())
            .setQueueDepth(status.pressure().depth())
            .setQueueCapacity(status.pressure().capacity())
            .setPressure(status.pressure().pressure())
            .setFinalSequence(status.lastSequence());
    if (status.retryAfter() != null) {
      message.setRetryAfterMs(millis(status.retryAfter()));
    }
    return message.build();
  }

  private static int millis(Duration duration) {
    return (int) Math.clamp(duration.toMillis(), 0L, Integer.MAX_VALUE);
  }

  private static String name(ErrorCode code) {
    return code.name().toLowerCase(Locale.ROOT);
  }

  private static String text(@Nullable SessionId session) {
    return session == null ? "" : session.toString();
  }
}
