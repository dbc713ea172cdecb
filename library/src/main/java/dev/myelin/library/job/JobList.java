package dev.myelin.library.job;

import dev.myelin.library.job.model.JobFilter;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobPage;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.store.JobRows;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks through the jobs of a tenant. Blocks; any thread.
final class JobList {
  private final JobRows rows;

  JobList(JobRows rows) {
    this.rows = rows;
  }

  private void each(String tenant, JobFilter filter, Consumer<JobInfo> visitor) {
    rows.each(
        tenant,
        row -> {
          if (filter.wants(row.info())) {
            visitor.accept(row.info());
          }
          return true;
        });
  }

  JobPage page(String tenant, JobFilter filter, int limit, @Nullable String cursor) {
    List<JobInfo> page = new ArrayList<>();
    long[] total = {0};
    each(
        tenant,
        filter,
        job -> {
          total[0]++;
          if (page.size() <= limit && (cursor == null || job.id().compareTo(cursor) < 0)) {
            page.add(job);
          }
        });
    boolean more = page.size() > limit;
    List<JobInfo> some = more ? page.subList(0, limit) : page;
    return new JobPage(some, total[0], more ? some.getLast().id() : null);
  }

  Map<JobStatus, Long> counts(String tenant, JobFilter filter) {
    Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
    each(tenant, filter, job -> counts.merge(job.status(), 1L, Long::sum));
    return counts;
  }
}
