package dev.myelin.stream;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Makes the rejections of one session durable before they are told: one transaction at a time,
/// which takes all that were gathered until it runs.
///
/// `waiting` and `queued` are guarded by the lock; the lists of what runs belong to the committer.
final class Rejections implements Transaction {
  private static final int SIZE = 512;

  private final Session session;
  private final Journal journal;

  private List<Observation> waiting = new ArrayList<>(0);
  private boolean queued;

  private final List<Observation> running = new ArrayList<>(0);
  private final List<Observation> written = new ArrayList<>(0);
  private long floor;

  Rejections(Session session, Journal journal) {
    this.session = session;
    this.journal = journal;
  }

  /// Adds an observation that is refused. It is told later, also if the journal takes nothing.
  void add(Observation observation) {
    synchronized (this) {
      waiting.add(observation);
      if (queued) {
        return;
      }
      queued = true;
    }
    submit();
  }

  @Override
  public int sizeInBytes() {
    return SIZE;
  }

  @Override
  public void run(Batch batch) {
    running.addAll(takeWaiting());
    written.clear();
    for (Observation observation : running) {
      if (session.isCurrent(observation.round())) {
        if (!observation.isKnown(batch)) {
          ErrorCode code = observation.reason().code();
          floor = session.ledger.reject(batch, observation.sequence(), code);
        }
        written.add(observation);
      }
    }
  }

  @Override
  public void committed() {
    session.floor(floor);
    int next = 0; // the written ones are among the running ones, in the same order
    for (Observation observation : running) {
      if (next < written.size() && written.get(next) == observation) {
        next++;
        observation.rejected();
      } else {
        observation.voided(observation.reason());
      }
    }
    goOn();
  }

  @Override
  public void failed(ServiceException reason) {
    running.addAll(takeWaiting());
    running.forEach(observation -> observation.voided(reason));
    goOn();
  }

  private void goOn() {
    written.clear();
    running.clear();
    synchronized (this) {
      queued = !waiting.isEmpty();
      if (!queued) {
        return;
      }
    }
    submit();
  }

  /// Submits in the lane that has room, the fastest first: there are only as many of these as there
  /// are sessions, and lanes keep room for them.
  private void submit() {
    ServiceException refusal = null;
    for (Lane lane : Lane.values()) {
      try {
        journal.submit(lane, this);
        return;
      } catch (ServiceException e) {
        refusal = e;
      }
    }
    ServiceException reason = Objects.requireNonNull(refusal);
    List<Observation> lost;
    synchronized (this) {
      lost = takeWaiting();
      queued = false;
    }
    lost.forEach(observation -> observation.voided(reason));
  }

  private synchronized List<Observation> takeWaiting() {
    List<Observation> taken = waiting;
    waiting = new ArrayList<>(0);
    return taken;
  }
}
