package dev.myelin.stream;

import dev.myelin.memory.Stored;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SessionId;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.AckBatch;
import dev.myelin.stream.ServerMessage.Failure;
import dev.myelin.stream.ServerMessage.Rejected;
import dev.myelin.stream.StreamMetrics.Fate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes replies to a peer: each verdict by itself, or, for clients that want it so, verdicts in a
/// row as one range. Confined to the event loop.
final class ReplyWriter {
  /// A range ends early after so many rejections, which bounds its message.
  private static final int MAX_REJECTIONS = 256;

  private final Peer peer;
  private final StreamMetrics metrics;
  private final InstantSource clock;

  private @Nullable SessionId session;
  private boolean batched;
  private boolean unflushed;
  private long last;

  private long from;
  private Instant committedAt = Instant.EPOCH;
  private List<Rejected> rejections = new ArrayList<>(0);

  ReplyWriter(Peer peer, StreamMetrics metrics, InstantSource clock) {
    this.peer = peer;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// A session begins.
  void begin(SessionId id, boolean inBatches) {
    session = id;
    batched = inBatches;
  }

  /// The client is told that everything up to a number is settled.
  void settled(long floor) {
    last = floor;
  }

  /// The last number whose verdict was told.
  long last() {
    return last;
  }

  /// Whether the peer has no room now.
  boolean isFull() {
    return peer.isFull();
  }

  void message(ServerMessage message) {
    endRange();
    write(message);
  }

  void failure(long sequence, ErrorCode code, String text) {
    message(new Failure(session, sequence, code, text));
  }

  void failure(String requestId, ErrorCode code, String text) {
    message(new Failure(session, 0, requestId, code, text));
  }

  void accepted(Observation observation, Stored stored, long receivedAt) {
    told(observation, Fate.ACCEPTED, receivedAt);
    if (batched) {
      committedAt = stored.committedAt();
    } else {
      write(
          new Accepted(
              Objects.requireNonNull(session),
              observation.sequence(),
              stored.id(),
              stored.committedAt(),
              stored.replaced()));
    }
  }

  void rejected(Observation observation, long receivedAt) {
    told(observation, Fate.REJECTED, receivedAt);
    Rejected rejected =
        new Rejected(
            Objects.requireNonNull(session),
            observation.sequence(),
            observation.reason().code(),
            observation.reason().text(),
            observation.reason().retryAfter());
    if (!batched) {
      write(rejected);
      return;
    }
    rejections.add(rejected);
    if (rejections.size() >= MAX_REJECTIONS) {
      endRange();
    }
  }

  private void told(Observation observation, Fate fate, long receivedAt) {
    last = observation.sequence();
    if (batched && from == 0) {
      from = last;
      committedAt = clock.instant();
    }
    metrics.count(fate, observation.lane());
    metrics.acknowledged(System.nanoTime() - receivedAt);
  }

  void voided(Observation observation) {
    metrics.count(Fate.VOIDED, observation.lane());
    failure(
        observation.sequence(),
        observation.reason().code(),
        Texts.voided(observation.sequence(), observation.reason().text()));
  }

  void voidedBehind(Observation observation, long first) {
    metrics.count(Fate.VOIDED, observation.lane());
    failure(
        observation.sequence(),
        ErrorCode.STORAGE_UNAVAILABLE,
        Texts.voidedBehind(observation.sequence(), first));
  }

  /// Sends what was written.
  void flush() {
    endRange();
    if (unflushed) {
      unflushed = false;
      peer.flush();
    }
  }

  private void endRange() {
    if (from != 0) {
      write(new AckBatch(Objects.requireNonNull(session), from, last, committedAt, rejections));
      from = 0;
      rejections = new ArrayList<>(0);
    }
  }

  private void write(ServerMessage message) {
    unflushed = true;
    peer.write(message);
  }
}
