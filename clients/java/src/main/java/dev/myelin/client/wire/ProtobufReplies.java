package dev.myelin.client.wire;

import dev.myelin.client.model.MyelinException;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.proto.engram.v1.ObservationAckBatch;
import dev.myelin.proto.engram.v1.ObservationError;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.RejectedObservation;
import dev.myelin.proto.engram.v1.StreamStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads replies from their protobuf messages.
final class ProtobufReplies {
  private ProtobufReplies() {}

  static Reply of(ObservationResponse response) {
    return switch (response.getResultCase()) {
      case ACK -> ack(response.getSequenceNumber(), response.getAck());
      case ACK_BATCH -> range(response.getAckBatch());
      case INIT_ACK ->
          new Reply.Opened(
              response.getInitAck().getSessionId(), response.getInitAck().getInitialSequence());
      case STATUS -> status(response.getStatus());
      case RECALL -> Recalls.found(response.getRecall());
      case ERROR -> failed(response.getError());
      case HEARTBEAT -> new Reply.Heartbeat();
      case RESULT_NOT_SET -> new Reply.Unknown();
    };
  }

  private static Reply ack(long sequence, ObservationAck ack) {
    return switch (ack.getStatus()) {
      case STATUS_ACCEPTED ->
          new Reply.Accepted(
              sequence,
              ack.getMemoryId(),
              ack.hasCommittedAt() ? Times.of(ack.getCommittedAt()) : null,
              ack.getReplaced());
      case STATUS_REJECTED ->
          rejected(
              sequence,
              ack.getCode(),
              ack.getReason(),
              ack.hasRetryAfterMs() ? ack.getRetryAfterMs() : null);
      case STATUS_INDEXED -> new Reply.Indexed(sequence, ack.getMemoryId());
      case STATUS_UNSPECIFIED, UNRECOGNIZED -> new Reply.Unknown();
    };
  }

  private static Reply.Range range(ObservationAckBatch batch) {
    List<Reply.Rejected> rejected = new ArrayList<>(batch.getRejectedCount());
    for (RejectedObservation each : batch.getRejectedList()) {
      rejected.add(
          rejected(
              each.getSequenceNumber(),
              each.getCode(),
              each.getReason(),
              each.hasRetryAfterMs() ? each.getRetryAfterMs() : null));
    }
    return new Reply.Range(
        batch.getFrom(),
        batch.getTo(),
        batch.hasCommittedAt() ? Times.of(batch.getCommittedAt()) : null,
        rejected);
  }

  private static Reply.Rejected rejected(
      long sequence, String code, String reason, @Nullable Integer retryAfterMillis) {
    return new Reply.Rejected(sequence, new MyelinException(code, reason, wait(retryAfterMillis)));
  }

  private static Reply.Status status(StreamStatus status) {
    return new Reply.Status(
        switch (status.getState()) {
          case STATE_ACTIVE -> Reply.State.ACTIVE;
          case STATE_PAUSED -> Reply.State.PAUSED;
          case STATE_BACKPRESSURE -> Reply.State.BACKPRESSURE;
          case STATE_OVERLOADED -> Reply.State.OVERLOADED;
          case STATE_ERROR -> Reply.State.ERROR;
          case STATE_CLOSED -> Reply.State.CLOSED;
          case STATE_UNSPECIFIED, UNRECOGNIZED -> Reply.State.UNKNOWN;
        },
        status.getMessage(),
        status.getFinalSequence(),
        status.getPressure(),
        wait(status.hasRetryAfterMs() ? status.getRetryAfterMs() : null));
  }

  private static Reply.Failed failed(ObservationError error) {
    Integer wait = error.hasRetryAfterMs() ? error.getRetryAfterMs() : null;
    return new Reply.Failed(
        error.getSequenceNumber(),
        error.getRequestId(),
        new MyelinException(error.getCode(), error.getMessage(), wait(wait)));
  }

  private static @Nullable Duration wait(@Nullable Integer millis) {
    return millis == null ? null : Duration.ofMillis(Integer.toUnsignedLong(millis));
  }
}
