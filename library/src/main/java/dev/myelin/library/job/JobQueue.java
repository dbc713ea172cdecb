package dev.myelin.library.job;

import dev.myelin.library.job.JobConfig.Queue;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which job is next. All of its state is under its own lock; nothing here waits but
/// [#await(String, Duration)].
///
/// **Order.** The jobs of one library run one after the other, in the order they were made in, also
/// while the first of them waits to be tried again. Between tenants the one with the fewest running
/// is next.
final class JobQueue {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Queue bounds;
  private final int workers;
  private final TreeMap<String, Entry> waiting = new TreeMap<>();
  private final Map<String, Entry> running = new HashMap<>();
  private final Map<String, Integer> reservedByTenant = new HashMap<>();
  private int reserved;
  private long bytes;
  private boolean closed;

  JobQueue(Queue bounds, int workers) {
    this.bounds = bounds;
    this.workers = workers;
  }

  /// A job that waits or runs.
  ///
  /// @param bytes what it was given
  /// @param notBefore when it may begin
  record Entry(String id, SpaceId library, long bytes, Instant notBefore) {
    String tenant() {
      return library.tenant();
    }

    Entry notBefore(Instant other) {
      return new Entry(id, library, bytes, other);
    }
  }

  /// Keeps a place for a job that is about to be made durable.
  ///
  /// @throws ServiceException OVERLOADED if there is none, SHUTTING_DOWN
  synchronized void reserve(String tenant, long itsBytes) {
    requireOpen();
    int ofTenant = reservedByTenant.getOrDefault(tenant, 0);
    for (Entry entry : waiting.values()) {
      ofTenant += entry.tenant().equals(tenant) ? 1 : 0;
    }
    if (waiting.size() + reserved >= bounds.maxWaiting()
        || ofTenant >= bounds.maxWaitingPerTenant()) {
      throw full("There are as many jobs waiting as may be");
    }
    if (bytes + itsBytes > bounds.maxBytes()) {
      throw full("The jobs that wait hold as much as they may");
    }
    reserved++;
    bytes += itsBytes;
    reservedByTenant.merge(tenant, 1, Integer::sum);
  }

  private void requireOpen() {
    if (closed) {
      throw new ServiceException(
          ErrorCode.SHUTTING_DOWN, "The server is shutting down. Try again in a moment.");
    }
  }

  private static ServiceException full(String what) {
    return new ServiceException(
        ErrorCode.OVERLOADED, what + ". Try again when some are done.", RETRY_AFTER);
  }

  /// Gives a place back that was kept.
  synchronized void release(String tenant, long itsBytes) {
    reserved--;
    bytes -= itsBytes;
    var _ = reservedByTenant.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
  }

  /// A durable job takes the place that was kept for it.
  synchronized void take(Entry entry) {
    release(entry.tenant(), entry.bytes());
    add(entry);
  }

  /// A job waits, whatever the bounds: it was accepted before. One that is known already is left
  /// alone.
  synchronized void add(Entry entry) {
    if (!isKnown(entry.id())) {
      bytes += entry.bytes();
      waiting.put(entry.id(), entry);
    }
  }

  /// Whether a job waits or runs.
  synchronized boolean isKnown(String id) {
    return waiting.containsKey(id) || running.containsKey(id);
  }

  /// Takes the job that is next, if one may run now; null if none may.
  synchronized @Nullable Entry next(Instant now) {
    if (closed || running.size() >= workers) {
      return null;
    }
    Set<SpaceId> busy = new HashSet<>();
    Map<String, Integer> runningOf = new HashMap<>();
    for (Entry entry : running.values()) {
      busy.add(entry.library());
      runningOf.merge(entry.tenant(), 1, Integer::sum);
    }
    Entry best = null;
    for (Entry entry : waiting.values()) {
      boolean first = busy.add(entry.library());
      if (first
          && !entry.notBefore().isAfter(now)
          && (best == null || count(runningOf, entry) < count(runningOf, best))) {
        best = entry;
      }
    }
    if (best != null) {
      waiting.remove(best.id());
      running.put(best.id(), best);
    }
    return best;
  }

  private static int count(Map<String, Integer> runningOf, Entry entry) {
    return runningOf.getOrDefault(entry.tenant(), 0);
  }

  /// A job that ran waits again.
  synchronized void postpone(Entry entry, Instant until) {
    if (running.remove(entry.id()) != null) {
      waiting.put(entry.id(), entry.notBefore(until));
    }
  }

  /// A job is over.
  synchronized void end(String id) {
    Entry entry = waiting.remove(id);
    if (entry == null) {
      entry = running.remove(id);
    }
    if (entry != null) {
      bytes -= entry.bytes();
    }
    notifyAll();
  }

  /// Waits until a job neither waits nor runs, at most so long.
  synchronized void await(String id, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    long left = most.toNanos();
    while (!closed && left > 0 && isKnown(id)) {
      wait(Math.max(1, left / 1_000_000));
      left = end - System.nanoTime();
    }
  }

  /// Waits until nothing runs, at most so long.
  ///
  /// @return whether nothing runs
  synchronized boolean awaitIdle(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    long left = most.toNanos();
    while (left > 0 && !running.isEmpty()) {
      wait(Math.max(1, left / 1_000_000));
      left = end - System.nanoTime();
    }
    return running.isEmpty();
  }

  /// A run has ended because the queue is closed; its job is not over.
  synchronized void leave(Entry entry) {
    running.remove(entry.id());
    notifyAll();
  }

  /// All jobs that wait or run.
  synchronized List<Entry> entries() {
    List<Entry> all = new ArrayList<>(waiting.values());
    all.addAll(running.values());
    return all;
  }

  /// Takes a waiting job out, if it still waits.
  synchronized boolean withdraw(String id) {
    boolean waited = waiting.containsKey(id);
    if (waited) {
      end(id);
    }
    return waited;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  synchronized int running() {
    return running.size();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /// Takes nothing more and gives nothing more.
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
