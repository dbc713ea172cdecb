package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Verdict;
import dev.myelin.client.wire.Reply;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives every observation of the outbox its verdict, once, in the order of the numbers. The
/// stream's loop, but for [#last()].
final class Settlement {
  private final Outbox outbox;
  private final SendWindow window;
  private final int retries;
  private final Runnable progress;
  private final Runnable settled;
  private volatile long last;

  /// @param retries how often an observation is sent again that was refused for lack of room
  /// @param progress called for every number that was settled in its turn
  /// @param settled called once for every observation that got its verdict or failed
  Settlement(Outbox outbox, SendWindow window, int retries, Runnable progress, Runnable settled) {
    this.outbox = outbox;
    this.window = window;
    this.retries = retries;
    this.progress = progress;
    this.settled = settled;
  }

  /// The last number with a verdict; any thread.
  long last() {
    return last;
  }

  /// A session is open: settles what the server knows from before.
  void opened(boolean resumed, long floor) {
    for (Pending pending : outbox.opened(resumed, floor)) {
      complete(pending, new Verdict(pending.sequence, pending.id, null, false, true));
    }
    last = outbox.settled();
  }

  /// The server closed the session in order, and says how far it came.
  void closed(long floor) {
    last = Math.max(last, floor);
  }

  /// Takes in a verdict.
  ///
  /// @return null, or what is wrong: the verdict is not on the observation whose turn it is
  @Nullable MyelinException accepted(Reply.Accepted reply) {
    Pending pending = settle(reply.sequence());
    if (pending == null) {
      return outOfOrder(reply.sequence());
    }
    complete(
        pending,
        new Verdict(
            reply.sequence(), reply.memoryId(), reply.committedAt(), reply.replaced(), false));
    return null;
  }

  /// As [#accepted(Reply.Accepted)].
  @Nullable MyelinException rejected(Reply.Rejected reply) {
    Pending pending = settle(reply.sequence());
    if (pending == null) {
      return outOfOrder(reply.sequence());
    }
    refused(pending, reply.reason());
    return null;
  }

  /// As [#accepted(Reply.Accepted)], for each number of the range.
  @Nullable MyelinException range(Reply.Range reply) {
    Map<Long, Reply.Rejected> rejected = new HashMap<>();
    for (Reply.Rejected each : reply.rejected()) {
      rejected.put(each.sequence(), each);
    }
    for (long sequence = reply.from(); sequence <= reply.to(); sequence++) {
      Pending pending = settle(sequence);
      if (pending == null) {
        return outOfOrder(sequence);
      }
      Reply.Rejected refusal = rejected.get(sequence);
      if (refusal == null) {
        complete(pending, new Verdict(sequence, pending.id, reply.committedAt(), false, false));
      } else {
        refused(pending, refusal.reason());
      }
    }
    return null;
  }

  private @Nullable Pending settle(long sequence) {
    Pending pending = outbox.settle(sequence);
    if (pending != null) {
      last = sequence;
      progress.run();
    }
    return pending;
  }

  private static MyelinException outOfOrder(long sequence) {
    return new MyelinException(
        "sequence_gap", "The server's verdict on number " + sequence + " is out of order.", null);
  }

  private void complete(Pending pending, Verdict verdict) {
    settled.run();
    pending.complete(verdict);
  }

  private void refused(Pending pending, MyelinException reason) {
    boolean later = reason.isTemporary() || reason.code().equals("session_paused");
    if (later && pending.refusals < retries) {
      outbox.again(pending);
      window.hold(reason.retryAfter().orElse(null));
    } else {
      fail(pending, reason);
    }
  }

  void fail(Pending pending, MyelinException reason) {
    settled.run();
    pending.completeExceptionally(reason);
  }

  /// Fails whatever is left.
  void failAll(MyelinException reason) {
    outbox.clear().forEach(pending -> fail(pending, reason));
  }
}
