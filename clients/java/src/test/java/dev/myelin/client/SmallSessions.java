package dev.myelin.client;

import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.Memory;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.proto.engram.v1.ObservationError;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.StreamInitAck;
import dev.myelin.proto.engram.v1.StreamStatus;
import dev.myelin.proto.engram.v1.StreamingRecallResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Observation sessions in memory, with the sequence rules of the contract. One lock.
final class SmallSessions {
  private final Map<String, Session> sessions = new HashMap<>();
  private final List<String> remembered = new ArrayList<>();
  private final UnaryOperator<ObservationAck.Builder> verdicts;
  private int opened;
  private int faults;

  private static final class Session {
    final String id = UUID.randomUUID().toString();
    long settled;
    boolean paused;
  }

  /// @param verdicts may turn an acceptance into something else
  SmallSessions(UnaryOperator<ObservationAck.Builder> verdicts) {
    this.verdicts = verdicts;
  }

  SmallSessions() {
    this(UnaryOperator.identity());
  }

  Connection connect() {
    return new Connection();
  }

  /// Ids of all accepted observations, in order, with those that were accepted twice.
  synchronized List<String> remembered() {
    return List.copyOf(remembered);
  }

  synchronized int opened() {
    return opened;
  }

  /// Gaps and duplicates so far.
  synchronized int faults() {
    return faults;
  }

  synchronized void forgetSessions() {
    sessions.clear();
  }

  final class Connection {
    private Session session = new Session();

    void receive(ObservationRequest request, Consumer<ObservationResponse> replies) {
      synchronized (SmallSessions.this) {
        ObservationResponse.Builder reply = ObservationResponse.newBuilder();
        switch (request.getOperationCase()) {
          case INIT -> reply.setInitAck(open(request.getSessionId()));
          case OBSERVATION -> observe(request, reply);
          case FLOW -> reply.setStatus(flow(request.getFlow()));
          case RECALL -> reply.setRecall(recall(request));
          case CLOSE ->
              reply.setStatus(
                  StreamStatus.newBuilder()
                      .setState(StreamStatus.State.STATE_CLOSED)
                      .setFinalSequence(session.settled));
          case OPERATION_NOT_SET -> faults++;
        }
        replies.accept(reply.setSessionId(session.id).build());
      }
    }

    private StreamInitAck open(String resume) {
      opened++;
      session = sessions.getOrDefault(resume, session);
      sessions.put(session.id, session);
      return StreamInitAck.newBuilder()
          .setSessionId(session.id)
          .setInitialSequence(session.settled)
          .build();
    }

    private void observe(ObservationRequest request, ObservationResponse.Builder reply) {
      long sequence = request.getSequenceNumber();
      if (sequence != session.settled + 1) {
        faults++;
        reply.setError(
            ObservationError.newBuilder()
                .setCode("sequence_gap")
                .setMessage("expected " + (session.settled + 1) + ", got " + sequence)
                .setSequenceNumber(sequence));
        return;
      }
      session.settled = sequence;
      String id = request.getObservation().getId();
      ObservationAck.Builder ack =
          verdicts.apply(
              ObservationAck.newBuilder()
                  .setStatus(
                      session.paused
                          ? ObservationAck.Status.STATUS_REJECTED
                          : ObservationAck.Status.STATUS_ACCEPTED)
                  .setMemoryId(id));
      if (ack.getStatus() == ObservationAck.Status.STATUS_ACCEPTED) {
        remembered.add(id);
      }
      reply.setSequenceNumber(sequence).setAck(ack);
    }

    private StreamStatus flow(FlowControl flow) {
      session.paused = flow.getAction() == FlowControl.Action.ACTION_PAUSE;
      return StreamStatus.newBuilder()
          .setState(
              session.paused ? StreamStatus.State.STATE_PAUSED : StreamStatus.State.STATE_ACTIVE)
          .build();
    }

    private StreamingRecallResponse recall(ObservationRequest request) {
      return StreamingRecallResponse.newBuilder()
          .setRequestId(request.getRecall().getRequestId())
          .setSnapshotSequence(remembered.size())
          .addResults(
              Memory.newBuilder().setId(remembered.isEmpty() ? "none" : remembered.getLast()))
          .build();
    }
  }
}
