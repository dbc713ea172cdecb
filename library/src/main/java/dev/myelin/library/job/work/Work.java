package dev.myelin.library.job.work;

import dev.myelin.library.job.store.JobRow;
import java.util.List;

/// What jobs of one type do. One object for all of them; any thread.
public interface Work {

  /// Does a job from its last checkpoint to its end. Blocks.
  ///
  /// @throws JobStopped once it is not to be done any more
  /// @throws dev.myelin.model.ServiceException what is in the way; a temporary code, and it is done
  ///   again from the last checkpoint
  Finish run(JobRun run);

  /// What to tell when a job begins for the first time.
  default List<Told> beginning(JobRow row) {
    return List.of();
  }
}
