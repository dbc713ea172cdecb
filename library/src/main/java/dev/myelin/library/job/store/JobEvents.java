package dev.myelin.library.job.store;

import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What events tell of a job.
final class JobEvents {
  private JobEvents() {}

  static Map<String, @Nullable Object> data(JobInfo job) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("job_id", job.id());
    data.put("job_type", job.type().word());
    data.put("status", job.status().word());
    Map<String, @Nullable Object> progress = new LinkedHashMap<>();
    Progress at = job.progress();
    progress.put("current", at.current());
    progress.put("total", at.total());
    progress.put("message", at.message());
    progress.put("percentage", at.percentage());
    data.put("progress", progress);
    data.put("retries", job.tries().made());
    if (job.result() != null) {
      data.put("result", job.result());
    }
    if (job.failure() != null) {
      data.put("error", job.failure().text());
    }
    return data;
  }
}
