package dev.myelin.memory;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;

/// Runs somebody's work on a space.
final class WorkTransaction implements Transaction {
  private final SpaceWork work;
  private final SpaceChanges changes;

  WorkTransaction(SpaceWork work, SpaceChanges changes) {
    this.work = work;
    this.changes = changes;
  }

  @Override
  public int sizeInBytes() {
    return work.sizeInBytes();
  }

  @Override
  public void run(Batch batch) {
    changes.begin(batch);
    work.run(changes);
  }

  @Override
  public void committed() {
    changes.publish();
    work.committed();
  }

  @Override
  public void failed(ServiceException reason) {
    changes.undo();
    work.failed(reason);
  }
}
