package dev.myelin.live.connection;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What waits to be sent on one connection, bounded in bytes.
///
/// As long as the socket takes frames nothing waits, and the outbox is but a few fields. A reader
/// that falls behind is treated in three steps. Up to the soft mark everything waits. Above it, an
/// ephemeral frame with a key replaces those of the same key that still wait. What would go beyond
/// the hard mark is left out if it is ephemeral; if it is not, the connection is to be closed, and
/// resumed when its reader is ready: durable frames are never left out in silence.
///
/// Frames go out in the order in which they were offered; one that replaces others goes to the end.
/// One frame always fits, however large, so that a large one cannot close every connection in turn.
///
/// **Threads.** One: the connection's event loop.
public final class Outbox<F extends Frame> {
  /// What a frame costs while it waits, besides its bytes: its place in the queue and in the map.
  static final int OVERHEAD = 64;

  private final OutboxLimits limits;
  private @Nullable Node<F> first;
  private @Nullable Node<F> last;

  /// The latest waiting frame of each key; null as long as none waits.
  private @Nullable Map<Object, Node<F>> latest;

  private long bytes;
  private int frames;
  private boolean warned;
  private boolean overflowed;

  /// The socket that an outbox writes to.
  public interface Sink<F> {
    /// Whether it takes another frame now, without queueing much of its own.
    boolean takesMore();

    /// Writes a frame; whether it is flushed at once is the sink's matter.
    void write(F frame);
  }

  public Outbox(OutboxLimits limits) {
    this.limits = limits;
  }

  /// Sends a frame, or keeps it until [#drain(Sink)] can send it.
  public Offered offer(F frame, Sink<? super F> sink) {
    if (overflowed) {
      return frame.isEphemeral() ? Offered.LEFT_OUT : Offered.OVER_HARD;
    }
    if (first == null && sink.takesMore()) {
      sink.write(frame);
      return Offered.SENT;
    }
    return hold(frame);
  }

  private Offered hold(F frame) {
    boolean replaces =
        bytes > limits.soft() && removeEarlier(frame.isEphemeral() ? frame.key() : null);
    if (first != null && bytes + cost(frame) > limits.hard()) {
      return overflow(frame);
    }
    append(frame);
    if (bytes > limits.soft() && !warned) {
      warned = true;
      return Offered.OVER_SOFT;
    }
    return replaces ? Offered.MERGED : Offered.HELD;
  }

  private Offered overflow(F frame) {
    if (frame.isEphemeral()) {
      return Offered.LEFT_OUT;
    }
    // Nothing that waits will be sent any more: whoever resumes gets it from the log.
    clear();
    overflowed = true;
    return Offered.OVER_HARD;
  }

  /// Sends what waits, in order, as long as the socket takes it.
  ///
  /// @return whether nothing waits any more
  public boolean drain(Sink<? super F> sink) {
    for (Node<F> node = first; node != null && sink.takesMore(); node = first) {
      remove(node);
      sink.write(node.frame);
    }
    if (bytes <= limits.soft() / 2) {
      warned = false;
    }
    return first == null;
  }

  /// Forgets what waits, when the connection ends.
  public void clear() {
    first = null;
    last = null;
    latest = null;
    bytes = 0;
    frames = 0;
  }

  /// Bytes that wait, with what keeps them in the queue.
  public long bytes() {
    return bytes;
  }

  /// Frames that wait.
  public int frames() {
    return frames;
  }

  // -- the queue -------------------------------------------------------------------------------

  /// A frame that waits. Linked both ways, so that one in the middle can be replaced; `older` leads
  /// to the one of the same key before it, which may have been sent since.
  private static final class Node<F extends Frame> {
    final F frame;
    @Nullable Node<F> before;
    @Nullable Node<F> after;
    @Nullable Node<F> older;
    boolean waits = true;

    Node(F frame) {
      this.frame = frame;
    }
  }

  private static long cost(Frame frame) {
    return (long) frame.bytes() + OVERHEAD;
  }

  private void append(F frame) {
    Node<F> node = new Node<>(frame);
    node.before = last;
    if (last == null) {
      first = node;
    } else {
      last.after = node;
    }
    last = node;
    bytes += cost(frame);
    frames++;
    Object key = frame.isEphemeral() ? frame.key() : null;
    if (key != null) {
      if (latest == null) {
        latest = new HashMap<>();
      }
      node.older = latest.put(key, node);
    }
  }

  /// Takes out every frame of a key that waits; each is taken out once, so this costs O(1) per
  /// frame offered.
  private boolean removeEarlier(@Nullable Object key) {
    Node<F> node = key == null || latest == null ? null : latest.get(key);
    boolean any = false;
    while (node != null && node.waits) {
      Node<F> older = node.older;
      remove(node);
      any = true;
      node = older;
    }
    return any;
  }

  private void remove(Node<F> node) {
    if (node.before == null) {
      first = node.after;
    } else {
      node.before.after = node.after;
    }
    if (node.after == null) {
      last = node.before;
    } else {
      node.after.before = node.before;
    }
    node.waits = false;
    node.before = null;
    node.after = null;
    node.older = null;
    bytes -= cost(node.frame);
    frames--;
    forgetKey(node);
  }

  private void forgetKey(Node<F> node) {
    Object key = node.frame.isEphemeral() ? node.frame.key() : null;
    if (key != null && latest != null) {
      latest.remove(key, node);
      if (latest.isEmpty()) {
        latest = null;
      }
    }
  }
}
