package dev.myelin.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One connection under load: a thread that writes what is due and one that reads verdicts.
///
/// [#start()], [#awaitEnd(Duration)], then the figures may be read.
final class LoadConnection {
  private static final int BUFFER = 256 * 1024;
  private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /// When a connection sends.
  ///
  /// @param stopNanos no observation later than that
  /// @param pace null in closed loop
  /// @param window unacknowledged observations in closed loop
  record Schedule(long measureNanos, long stopNanos, @Nullable Pace pace, int window) {}

  private final Wire wire;
  private final Dialect dialect;
  private final Schedule schedule;
  private final long[] sentAt;
  private final Verdicts verdicts;
  private final Thread writer;
  private final Thread reader;
  private volatile long sent;
  private volatile boolean writing = true;
  private volatile @Nullable Throwable failure;

  /// @param wire connected and opened by the dialect
  LoadConnection(Wire wire, Dialect dialect, Schedule schedule, String name) {
    this.wire = wire;
    this.dialect = dialect;
    this.schedule = schedule;
    Pace pace = schedule.pace();
    this.sentAt = new long[pace == null ? Integer.highestOneBit(schedule.window()) * 2 : 0];
    this.verdicts =
        new Verdicts(
            pace == null ? sequence -> sentAt[slot(sequence)] : pace::dueAt,
            schedule.measureNanos(),
            schedule.stopNanos());
    this.writer = Thread.ofPlatform().name(name + "-writer").unstarted(() -> run(this::writeAll));
    this.reader = Thread.ofPlatform().name(name + "-reader").unstarted(() -> run(this::readAll));
  }

  private int slot(long sequence) {
    return (int) (sequence & (sentAt.length - 1));
  }

  void start() {
    reader.start();
    writer.start();
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      if (failure == null) {
        failure = e;
      }
      writing = false;
      closeQuietly();
    }
  }

  private void writeAll() throws IOException {
    ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    while (writing) {
      long now = System.nanoTime();
      long allowed = allowed(now);
      if (allowed < 0) {
        break;
      }
      while (sent < allowed && put(sent + 1, out)) {
        // more fits
      }
      if (out.position() > 0) {
        wire.write(out.flip());
        out.clear();
      } else {
        await(now);
      }
    }
    writing = false;
  }

  private boolean put(long sequence, ByteBuffer out) {
    if (sentAt.length > 0) {
      sentAt[slot(sequence)] = System.nanoTime();
    }
    if (!dialect.put(sequence, out)) {
      return false;
    }
    sent = sequence;
    return true;
  }

  /// The last number that may be sent now, or -1 when all are sent.
  private long allowed(long now) {
    Pace pace = schedule.pace();
    if (pace == null) {
      return now - schedule.stopNanos() >= 0 ? -1 : verdicts.settled() + schedule.window();
    }
    long last = pace.dueBy(schedule.stopNanos() - 1);
    return sent == last ? -1 : Math.min(last, pace.dueBy(now));
  }

  private void await(long now) {
    Pace pace = schedule.pace();
    long next = pace == null ? now + LONG_NANOS : pace.dueAt(sent + 1);
    // Due already means that the other side's window is full: it is asked again soon.
    LockSupport.parkNanos(next > now ? next - now : SHORT_NANOS);
  }

  private void readAll() throws IOException {
    do {
      dialect.take(wire.in(), verdicts);
      LockSupport.unpark(writer);
      if (!writing && verdicts.settled() >= sent) {
        return;
      }
      try {
        wire.read();
      } catch (EOFException | java.nio.channels.ClosedChannelException e) {
        if (writing || verdicts.settled() < sent) {
          throw e;
        }
        return;
      }
    } while (true);
  }

  /// Waits until all is sent and answered.
  ///
  /// @param patience for the answers, after the last observation
  /// @throws LoadFailure if the connection broke, or answers are missing
  void awaitEnd(Duration patience) throws InterruptedException {
    writer.join();
    long deadline = System.nanoTime() + patience.toNanos();
    while (reader.isAlive() && verdicts.settled() < sent && System.nanoTime() - deadline < 0) {
      reader.join(Duration.ofMillis(1));
    }
    long missing = sent - verdicts.settled();
    closeQuietly();
    reader.join();
    if (failure instanceof LoadFailure loadFailure) {
      throw loadFailure;
    }
    if (missing > 0) {
      throw new LoadFailure(
          missing
              + " of "
              + sent
              + " observations got no answer"
              + (failure == null ? "" : ": " + Objects.requireNonNull(failure).getMessage()),
          failure == null ? new EOFException() : failure);
    }
  }

  private void closeQuietly() {
    try {
      wire.close();
    } catch (IOException e) {
      LockSupport.unpark(writer); // it ends by itself
    }
  }

  long sent() {
    return sent;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  /// The work of a thread.
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }
}
