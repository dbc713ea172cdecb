package dev.myelin.memory;

import dev.myelin.journal.Batch;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// The caller's side of a commit: what it adds to the atomic write, and how it is told.
///
/// All methods run on the committer thread, must be quick and must not throw (but for what
/// [#earlier(Batch)] says). Exactly one of [#stored(Stored)] and [#refused(ServiceException)] is
/// told, once.
public interface Commitment {

  /// Asked first: an earlier commit of the same request, or null. If there is one, nothing is
  /// written and [#stored(Stored)] is told with it. May run again after a failed disk came back.
  ///
  /// @throws ServiceException takes the request back: nothing is written, and
  ///   [#refused(ServiceException)] is told with it
  default @Nullable Stored earlier(Batch batch) {
    return null;
  }

  /// Adds the caller's own changes to the write that commits the memory. Changes nothing but the
  /// batch; may run again after a failed disk came back.
  default void join(Batch batch, Stored stored) {}

  /// The memory is durable and visible.
  void stored(Stored stored);

  /// It was not committed, or, with OUTCOME_UNKNOWN, nobody knows.
  void refused(ServiceException reason);
}
