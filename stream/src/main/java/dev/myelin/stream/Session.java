package dev.myelin.stream;

import dev.myelin.journal.Journal;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ledger.SessionLedger;
import dev.myelin.stream.ledger.SessionRow;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One session and its numbers.
///
/// **Who changes what.** The next number, the round of taking and the high water belong to the
/// event loop of the owning connection; they pass to another one only while nothing is unsettled.
/// The owner is changed by [SessionTable]. The rest is set by whoever settles a number.
///
/// **Rounds.** A number whose verdict cannot be made durable is not used up, and then nothing after
/// it may be either. So a failure ends the round of committing at once: what was taken in that
/// round and is not committed yet is taken back by its own transaction. The owner ends its round of
/// taking when the failure comes to its turn, and goes back to that number. Whatever of that round
/// was committed out of order meanwhile has its row, and is recognised when the client sends it
/// again.
final class Session {
  final SessionId id;
  final SpaceId space;
  final SessionLedger ledger;
  final Rejections rejections;

  private long next;
  private long highWater;
  private int takingRound;

  private final AtomicInteger round = new AtomicInteger();
  private final AtomicInteger unsettled = new AtomicInteger();
  private final AtomicReference<@Nullable Runnable> whenSettled = new AtomicReference<>();
  private volatile long floor;
  private volatile boolean kept;
  private volatile @Nullable ObservationConnection owner;

  /// A new session.
  Session(SessionId id, SpaceId space, Instant now, Journal journal) {
    this.id = id;
    this.space = space;
    this.ledger = new SessionLedger(id, space, now);
    this.rejections = new Rejections(this, journal);
    this.next = 1;
  }

  /// A session that was kept over a restart.
  Session(SessionRow row, Journal journal) {
    this(row.id(), row.space(), row.createdAt(), journal);
    this.floor = row.floor();
    this.highWater = row.highest();
    this.kept = true;
  }

  @Nullable ObservationConnection owner() {
    return owner;
  }

  void ownedBy(@Nullable ObservationConnection connection) {
    owner = connection;
  }

  /// The number that is expected next.
  long next() {
    return next;
  }

  /// Goes on after the last settled number; nothing is unsettled.
  void attach() {
    next = floor + 1;
    takingRound = round.get();
  }

  /// Takes the next number, unless another connection took the session over.
  boolean enter(ObservationConnection connection) {
    unsettled.incrementAndGet();
    if (owner != connection) {
      leave();
      return false;
    }
    next++;
    if (!kept) {
      kept = true;
    }
    return true;
  }

  /// A number that was entered is settled.
  void leave() {
    if (unsettled.decrementAndGet() == 0) {
      runWaiting();
    }
  }

  /// Runs a task as soon as nothing is unsettled; at most one is kept, the newest.
  void whenSettled(Runnable task) {
    whenSettled.set(task);
    if (unsettled.get() == 0) {
      runWaiting();
    }
  }

  private void runWaiting() {
    Runnable task = whenSettled.getAndSet(null);
    if (task != null) {
      task.run();
    }
  }

  /// Whether a number may have been committed before, so that the journal must be asked.
  boolean mayBeKnown(long sequence) {
    if (sequence <= highWater) {
      return true;
    }
    highWater = sequence;
    return false;
  }

  /// The round in which numbers are taken.
  int takingRound() {
    return takingRound;
  }

  /// Whether what was taken in a round may still be committed.
  boolean isCurrent(int taken) {
    return round.get() == taken;
  }

  /// Ends the round of committing that a number was taken in, if it still goes on.
  void endRound(int taken) {
    round.compareAndSet(taken, taken + 1);
  }

  /// Goes back to a number that could not be settled.
  void goBackTo(long sequence) {
    next = sequence;
    takingRound++;
  }

  long floor() {
    return floor;
  }

  /// Everything up to a number is settled; the committer says so.
  void floor(long settled) {
    if (settled > floor) {
      floor = settled;
    }
  }

  /// Whether the journal may hold something of it.
  boolean isKept() {
    return kept;
  }

  boolean isSettled() {
    return unsettled.get() == 0;
  }
}
