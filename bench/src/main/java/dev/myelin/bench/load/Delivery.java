package dev.myelin.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A row of observations on one connection, as fast as they are taken: a thread that writes them
/// and one that reads their verdicts. That the connection breaks ends it, and is no failure.
public final class Delivery {
  private static final int BUFFER = 64 * 1024;
  private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final Wire wire;
  private final Dialect dialect;
  private final long last;
  private final Verdicts verdicts;
  private final Thread writer;
  private final Thread reader;
  private volatile long sent;
  private volatile boolean ended;
  private volatile @Nullable RuntimeException failure;

  private Delivery(Wire wire, Dialect dialect, long after, long last) {
    this.wire = wire;
    this.dialect = dialect;
    this.last = last;
    this.sent = after;
    this.verdicts = Verdicts.after(after);
    this.writer = Thread.ofPlatform().name("delivery-writer").unstarted(() -> run(this::write));
    this.reader = Thread.ofPlatform().name("delivery-reader").unstarted(() -> run(this::read));
  }

  /// Begins.
  ///
  /// @param dialect opened on the connection
  /// @param after the number before the first
  /// @param last the last number
  public static Delivery start(Wire wire, Dialect dialect, long after, long last) {
    Delivery delivery = new Delivery(wire, dialect, after, last);
    delivery.reader.start();
    delivery.writer.start();
    return delivery;
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      ended = true;
    } catch (RuntimeException e) {
      failure = e;
      ended = true;
    }
  }

  private void write() throws IOException {
    ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    while (sent < last && !ended) {
      long next = sent + 1;
      while (next <= last && dialect.put(next, out)) {
        next++;
      }
      sent = next - 1; // before any of it can arrive
      if (out.position() == 0) {
        LockSupport.parkNanos(SHORT_NANOS); // the other side's window is full
      }
      wire.write(out.flip());
      out.clear();
    }
  }

  private void read() throws IOException {
    dialect.take(wire.in(), verdicts);
    while (verdicts.settled() < last) {
      wire.read();
      dialect.take(wire.in(), verdicts);
    }
    ended = true;
  }

  /// The last number that may have been sent.
  public long sent() {
    return sent;
  }

  /// The last number that has its verdict.
  public long settled() {
    return verdicts.settled();
  }

  /// Whether nothing more will come.
  public boolean hasEnded() {
    return ended;
  }

  /// Waits for the last verdict, or until the connection breaks.
  ///
  /// @return how many were rejected
  /// @throws LoadFailure if a verdict was wrong
  public long join() throws InterruptedException {
    writer.join();
    reader.join();
    RuntimeException broken = failure;
    if (broken != null) {
      throw broken;
    }
    return verdicts.rejections().values().stream().mapToLong(Long::longValue).sum();
  }

  /// The work of a thread.
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }
}
