package dev.myelin.client.wire;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.RecalledMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the server says on an observation stream, whatever the wire form.
public sealed interface Reply {

  /// A session is open; the next observation is one more than `settled`.
  record Opened(String session, long settled) implements Reply {}

  /// An observation is durable and visible.
  record Accepted(long sequence, String memoryId, @Nullable Instant committedAt, boolean replaced)
      implements Reply {}

  /// An observation was refused; its number is used up.
  record Rejected(long sequence, MyelinException reason) implements Reply {}

  /// All numbers of a range are settled: accepted but for those named.
  record Range(long from, long to, @Nullable Instant committedAt, List<Rejected> rejected)
      implements Reply {
    public Range {
      rejected = List.copyOf(rejected);
    }
  }

  /// A text has its embedding now.
  record Indexed(long sequence, String memoryId) implements Reply {}

  /// The stream's state.
  ///
  /// @param settled the last number that is settled; 0 where it was not said
  record Status(
      State state, String text, long settled, float pressure, @Nullable Duration retryAfter)
      implements Reply {}

  /// One batch of the answer to a recall.
  record Found(
      String requestId,
      List<RecalledMemory> memories,
      boolean more,
      long snapshotSequence,
      int considered,
      Duration took)
      implements Reply {
    public Found {
      memories = List.copyOf(memories);
    }
  }

  /// A request was not taken, and used nothing up.
  ///
  /// @param sequence the observation it concerns, 0 if none
  /// @param request the recall it concerns, empty if none or not said
  record Failed(long sequence, String request, MyelinException reason) implements Reply {}

  /// The session is alive.
  record Heartbeat() implements Reply {}

  /// Something that this version of the client does not know; to be ignored.
  record Unknown() implements Reply {}

  /// States of a stream.
  enum State {
    ACTIVE,
    PAUSED,
    BACKPRESSURE,
    OVERLOADED,
    ERROR,
    CLOSED,
    UNKNOWN;

    static State parse(String name) {
      for (State state : values()) {
        if (state.name().equalsIgnoreCase(name)) {
          return state;
        }
      }
      return UNKNOWN;
    }
  }
}
