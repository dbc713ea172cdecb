package dev.myelin.stream;

import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the server says on an observation stream, whatever the transport.
public sealed interface ServerMessage {

  /// A session is open.
  ///
  /// @param initialSequence the last number that is settled; the client goes on with the next
  record InitAck(SessionId session, long initialSequence, Capabilities capabilities)
      implements ServerMessage {}

  /// The observation is durable and visible.
  record Accepted(
      SessionId session, long sequence, MemoryId memory, Instant committedAt, boolean replaced)
      implements ServerMessage {}

  /// The observation was refused; its number is used up.
  record Rejected(
      SessionId session,
      long sequence,
      ErrorCode code,
      String reason,
      @Nullable Duration retryAfter)
      implements ServerMessage {}

  /// Verdicts on all numbers of a range: accepted but for those named.
  record AckBatch(
      SessionId session, long from, long to, Instant committedAt, List<Rejected> rejected)
      implements ServerMessage {
    public AckBatch {
      rejected = List.copyOf(rejected);
    }
  }

  /// A text observed on this session has its embedding now.
  record Indexed(SessionId session, long sequence, MemoryId memory) implements ServerMessage {}

  /// The stream's state changed, or a request about it is answered.
  record Status(
      SessionId session,
      State state,
      String text,
      long lastSequence,
      Pressure pressure,
      @Nullable Duration retryAfter)
      implements ServerMessage {}

  /// One batch of an answer.
  record RecallResult(
      String requestId,
      List<Recalled> results,
      boolean moreResults,
      long snapshotSequence,
      RecallSummary summary)
      implements ServerMessage {
    public RecallResult {
      results = List.copyOf(results);
    }
  }

  /// The session is alive.
  record Heartbeat(@Nullable SessionId session, Instant at) implements ServerMessage {}

  /// A message was not taken. Nothing was used up, the connection goes on (a transport whose
  /// contract says otherwise ends the call).
  ///
  /// @param sequence the number it concerns, or 0
  /// @param requestId the client's name for the recall it concerns, or empty
  record Failure(
      @Nullable SessionId session, long sequence, String requestId, ErrorCode code, String text)
      implements ServerMessage {

    /// A failure that concerns no recall.
    public Failure(@Nullable SessionId session, long sequence, ErrorCode code, String text) {
      this(session, sequence, "", code, text);
    }
  }

  /// What the server can do.
  record Capabilities(int maxObservationsPerSecond, int queueCapacity) {}

  /// How full the session's lane is.
  record Pressure(int depth, int capacity, float pressure) {
    public static final Pressure NONE = new Pressure(0, 0, 0f);
  }

  /// What was looked at for an answer.
  record RecallSummary(int candidates, int returned, float meanActivation, Duration took) {}

  /// States of a stream.
  enum State {
    ACTIVE,
    PAUSED,
    BACKPRESSURE,
    OVERLOADED,
    ERROR,
    CLOSED
  }
}
