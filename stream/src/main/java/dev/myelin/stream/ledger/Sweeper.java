package dev.myelin.stream.ledger;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Removes what the journal kept of ended sessions, some at a time; what could not be removed is
/// tried again with the next tick. Guarded by its lock.
public final class Sweeper implements Transaction {
  private static final int SESSIONS_AT_ONCE = 16;

  private final Journal journal;
  private final ArrayDeque<SessionLedger> ended = new ArrayDeque<>();
  private List<SessionLedger> running = List.of();

  public Sweeper(Journal journal) {
    this.journal = journal;
  }

  /// A session ended, and nothing of it is on its way.
  public void add(SessionLedger session) {
    synchronized (this) {
      ended.add(session);
    }
    sweep();
  }

  /// Begins to remove some, if nothing is being removed.
  public void sweep() {
    synchronized (this) {
      if (!running.isEmpty() || ended.isEmpty()) {
        return;
      }
      running = new ArrayList<>();
      while (running.size() < SESSIONS_AT_ONCE && !ended.isEmpty()) {
        running.add(ended.remove());
      }
    }
    try {
      journal.submit(Lane.LOW, this);
    } catch (ServiceException e) {
      failed(e);
    }
  }

  @Override
  public int sizeInBytes() {
    return 1024;
  }

  @Override
  public void run(Batch batch) {
    for (SessionLedger session : taken()) {
      session.remove(batch);
    }
  }

  private synchronized List<SessionLedger> taken() {
    return running;
  }

  @Override
  public synchronized void committed() {
    running = List.of();
  }

  @Override
  public synchronized void failed(ServiceException reason) {
    ended.addAll(running);
    running = List.of();
  }
}
