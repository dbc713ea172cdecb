package dev.myelin.journal;

import dev.myelin.model.ServiceException;

/// One atomic change, run by the committer thread. Whoever submits it is told exactly once:
/// [#committed()] or [#failed(ServiceException)].
public interface Transaction {

  /// What it holds in memory while it waits, in bytes: counted against the lane's bound.
  int sizeInBytes();

  /// Makes the change. Runs on the committer thread, must not block, and must change nothing but
  /// the batch: it may run again after a failed disk came back.
  ///
  /// @throws ServiceException refuses this transaction alone: its changes are undone, and
  ///   [#failed(ServiceException)] is told with it
  void run(Batch batch);

  /// It is durable. Runs on the committer thread, in order of commit: must be quick, must not
  /// throw.
  void committed();

  /// It did not happen, or, with OUTCOME_UNKNOWN, nobody knows. Runs on the committer thread.
  void failed(ServiceException reason);
}
