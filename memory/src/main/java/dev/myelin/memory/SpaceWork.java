package dev.myelin.memory;

import dev.myelin.model.ServiceException;

/// Several changes of one space in one atomic write. All methods run on the committer thread and
/// must be quick; exactly one of [#committed()] and [#failed(ServiceException)] is told, once.
public interface SpaceWork {
  /// What it holds in memory while it waits.
  int sizeInBytes();

  /// Makes the changes. Changes nothing but the batch: may run again after a failed disk came back.
  ///
  /// @throws ServiceException undoes it alone; [#failed(ServiceException)] is told with it
  void run(SpaceBatch batch);

  /// It is durable and visible.
  void committed();

  /// It did not happen, or, with OUTCOME_UNKNOWN, nobody knows.
  void failed(ServiceException reason);
}
