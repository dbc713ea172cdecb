package dev.myelin.library.job.work;

import dev.myelin.library.job.model.Progress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came of a job's work.
///
/// @param told events to commit with the end of the job
/// @param leavesFile whether there is a file to keep for it
public record Finish(
    Progress progress, Map<String, @Nullable Object> result, List<Told> told, boolean leavesFile) {
  public Finish {
    told = List.copyOf(told);
  }
}
