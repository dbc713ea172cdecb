package dev.myelin.library.job.work;

import dev.myelin.library.Indexes;
import dev.myelin.library.event.EventType;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds an index anew, or merges it. It has no checkpoints: doing it again from the beginning
/// changes nothing that is stored.
public final class IndexWork implements Work {
  private final Indexes indexes;

  public IndexWork(Indexes indexes) {
    this.indexes = indexes;
  }

  @Override
  public Finish run(JobRun run) {
    return run.row().info().type() == JobType.INDEX_REBUILD ? rebuild(run) : optimize(run);
  }

  private Finish rebuild(JobRun run) {
    long[] records = {0};
    Map<String, @Nullable Object> told =
        indexes
            .rebuild(
                run.library(),
                (offset, end) -> {
                  records[0] = Math.max(offset, end);
                  return goesOn(run, new Progress(offset, records[0], "reading the journal"));
                })
            .orElseThrow(JobStopped::new);
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("old_index_type", told.get("old_index_type"));
    result.put("new_index_type", told.get("new_index_type"));
    result.put("vectors_reindexed", told.get("total_vectors_reindexed"));
    result.put("library_id", run.library().name());
    return new Finish(
        new Progress(records[0], records[0], "the index was built anew"),
        result,
        List.of(new Told(EventType.INDEX_REBUILT, told)),
        false);
  }

  /// The engine cleans up behind a watch that says no, not behind one that throws.
  private static boolean goesOn(JobRun run, Progress progress) {
    try {
      run.progress(progress);
      return !run.isStopped();
    } catch (JobStopped _) {
      return false;
    }
  }

  private Finish optimize(JobRun run) {
    run.progress(new Progress(0, 1, "merging the index"));
    Map<String, @Nullable Object> told = indexes.optimize(run.library());
    Map<String, @Nullable Object> result = new LinkedHashMap<>(told);
    result.put("library_id", run.library().name());
    return new Finish(
        new Progress(1, 1, "the index was merged"),
        result,
        List.of(new Told(EventType.INDEX_OPTIMIZED, told)),
        false);
  }
}
