package dev.myelin.library.job.model;

import java.util.Map;

/// How many jobs there are.
///
/// @param counts by status; none for a status that no job has
/// @param workers how many may run at the same time, of all tenants
/// @param running whether jobs are being done
public record QueueStatistics(Map<JobStatus, Long> counts, int workers, boolean running) {
  public QueueStatistics {
    counts = Map.copyOf(counts);
  }

  public long of(JobStatus status) {
    return counts.getOrDefault(status, 0L);
  }

  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
