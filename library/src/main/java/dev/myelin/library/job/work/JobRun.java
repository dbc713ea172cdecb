package dev.myelin.library.job.work;

import dev.myelin.library.feed.FeedBatch;
import dev.myelin.library.job.model.Progress;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.model.SpaceId;
import java.util.function.Function;

/// A job that runs, as its work sees it. Used by the one thread that runs it.
public interface JobRun {

  /// The job at its last checkpoint.
  JobRow row();

  default SpaceId library() {
    return row().library();
  }

  /// Whether there is no use in going on. Cheap, any thread.
  boolean isStopped();

  /// Asks the journal whether the job is still to be done.
  ///
  /// @throws JobStopped if it was cancelled, its library is gone, or the server stops
  void requireRunning();

  /// Commits a change and the checkpoint after it in one write, and waits while there is no room.
  ///
  /// @param bytes about what the change holds in memory
  /// @param change runs on the committer thread, perhaps again; what it gives becomes the
  ///   checkpoint
  /// @throws JobStopped as [#requireRunning()]: nothing was changed
  /// @throws dev.myelin.model.ServiceException what refused it
  void commit(int bytes, Function<FeedBatch, Checkpoint> change);

  /// Tells how far it is between checkpoints; written down now and then.
  ///
  /// @throws JobStopped as [#requireRunning()]
  void progress(Progress progress);
}
