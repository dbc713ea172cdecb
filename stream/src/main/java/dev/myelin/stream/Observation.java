package dev.myelin.stream;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Lane;
import dev.myelin.memory.Commitment;
import dev.myelin.memory.Stored;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.stream.ledger.Verdict;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One number of a session on its way to its verdict, and the reply that will tell it.
///
/// It is settled by one thread, once: the committer, or the event loop if nothing takes it. The
/// last write of settling is to `state`; the event loop reads that first.
final class Observation extends Reply implements Commitment {
  private enum State {
    UNSETTLED,
    ACCEPTED,
    REJECTED,
    VOIDED
  }

  private final Session session;
  private final ObservationConnection connection;
  private final long sequence;
  private final Lane lane;
  private final int round;
  private final boolean mayBeKnown;
  private final boolean awaitsIndexing;
  private final long receivedAt = System.nanoTime();

  private long floor;
  private long awaited;
  private @Nullable Stored stored;
  private @Nullable ServiceException reason;
  private volatile State state = State.UNSETTLED;

  /// Takes the session's next number, which was entered.
  Observation(
      Session session,
      ObservationConnection connection,
      long sequence,
      Lane lane,
      boolean indexed) {
    this.session = session;
    this.connection = connection;
    this.sequence = sequence;
    this.lane = lane;
    this.round = session.takingRound();
    this.mayBeKnown = session.mayBeKnown(sequence);
    this.awaitsIndexing = indexed;
  }

  long sequence() {
    return sequence;
  }

  int round() {
    return round;
  }

  Lane lane() {
    return lane;
  }

  /// Why it was refused or could not be settled.
  ServiceException reason() {
    return Objects.requireNonNull(reason);
  }

  // -- the commit: committer thread ------------------------------------------------------------

  @Override
  public @Nullable Stored earlier(Batch batch) {
    if (!session.isCurrent(round)) {
      throw new ServiceException(
          ErrorCode.STORAGE_UNAVAILABLE, "A number before it could not be settled.");
    }
    return isKnown(batch) ? stored : null;
  }

  /// Whether it was committed before, though nobody could be told: then that is its verdict, also
  /// if it is refused now.
  boolean isKnown(Batch batch) {
    stored = null;
    if (mayBeKnown && session.ledger.verdict(batch, sequence) instanceof Verdict.Accepted known) {
      stored = known.stored();
      floor = session.ledger.floor(batch);
    }
    return stored != null;
  }

  @Override
  public void join(Batch batch, Stored written) {
    floor = session.ledger.accept(batch, sequence, written);
    if (awaitsIndexing) {
      forgetIndexing();
      awaited = written.offset();
      connection.awaitIndexing(awaited, sequence);
    }
  }

  @Override
  public void stored(Stored written) {
    stored = written;
    session.floor(floor);
    settle(State.ACCEPTED);
    connection.signalAfterBatch();
  }

  @Override
  public void refused(ServiceException why) {
    forgetIndexing();
    if (usesItsNumberUp(why.code())) {
      reject(why);
    } else {
      voided(why);
    }
  }

  /// Whether a refusal is for good. It is not if nothing can be written now: then the verdict could
  /// not be kept either.
  private static boolean usesItsNumberUp(ErrorCode code) {
    return switch (code) {
      case STORAGE_UNAVAILABLE, SHUTTING_DOWN, OUTCOME_UNKNOWN -> false;
      default -> true;
    };
  }

  private void forgetIndexing() {
    if (awaited != 0) {
      connection.forgetIndexing(awaited);
      awaited = 0;
    }
  }

  // -- other ends: any thread ------------------------------------------------------------------

  /// Refuses it; that is told when it is durable.
  void reject(ServiceException why) {
    reason = why;
    session.rejections.add(this);
  }

  /// Its rejection is durable, or was not needed.
  void rejected() {
    settle(stored == null ? State.REJECTED : State.ACCEPTED);
    connection.signalAfterBatch();
  }

  /// It cannot be settled: its number is not used up.
  void voided(ServiceException why) {
    reason = why;
    session.endRound(round);
    settle(State.VOIDED);
    connection.signal();
  }

  private void settle(State end) {
    if (state != State.UNSETTLED) {
      throw new IllegalStateException(
          "observation "
              + sequence
              + " of "
              + session.id
              + ": "
              + state
              + " (expected: UNSETTLED)");
    }
    state = end;
    connection.service().pressure(lane).drained();
    session.leave();
  }

  // -- the reply: event loop -------------------------------------------------------------------

  @Override
  boolean write(ObservationConnection out) {
    State end = state;
    if (end == State.UNSETTLED) {
      return false;
    }
    if (round != session.takingRound()) {
      out.writer().voidedBehind(this, session.next());
    } else {
      switch (end) {
        case ACCEPTED -> out.writer().accepted(this, Objects.requireNonNull(stored), receivedAt);
        case REJECTED -> out.writer().rejected(this, receivedAt);
        case VOIDED -> {
          session.goBackTo(sequence);
          out.writer().voided(this);
        }
        case UNSETTLED -> throw new IllegalStateException("state: UNSETTLED (expected: settled)");
      }
    }
    return true;
  }
}
