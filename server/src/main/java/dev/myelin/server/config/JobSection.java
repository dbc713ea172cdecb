package dev.myelin.server.config;

import dev.myelin.library.job.JobConfig;
import dev.myelin.library.job.JobConfig.Exports;
import dev.myelin.library.job.JobConfig.Kept;
import dev.myelin.library.job.JobConfig.Queue;
import dev.myelin.library.job.JobConfig.Retry;

/// The keys under `jobs`.
final class JobSection {
  private JobSection() {}

  static JobConfig read(Values values, JobConfig otherwise) {
    return new JobConfig(
        values.integer("jobs.workers", otherwise.workers()),
        queue(values, otherwise.queue()),
        new Retry(
            values.integer("jobs.max-retries", otherwise.retry().times()),
            values.duration("jobs.min-backoff", otherwise.retry().first()),
            values.duration("jobs.max-backoff", otherwise.retry().most())),
        new Kept(
            values.integer("jobs.max-kept", otherwise.kept().max()),
            values.integer("jobs.max-kept-per-tenant", otherwise.kept().maxPerTenant()),
            values.duration("jobs.max-age", otherwise.kept().maxAge())),
        new Exports(
            values.integer("jobs.max-exports", otherwise.exports().max()),
            values.bytes("jobs.max-export-bytes", otherwise.exports().maxBytes()),
            values.duration("jobs.max-export-age", otherwise.exports().maxAge())),
        values.duration("jobs.progress-interval", otherwise.progressInterval()),
        values.duration("jobs.stop-timeout", otherwise.stopTimeout()));
  }

  private static Queue queue(Values values, Queue otherwise) {
    return new Queue(
        values.integer("jobs.max-waiting", otherwise.maxWaiting()),
        values.integer("jobs.max-waiting-per-tenant", otherwise.maxWaitingPerTenant()),
        values.integer("jobs.max-items", otherwise.maxItems()),
        values.bytes("jobs.max-bytes", otherwise.maxBytes()));
  }
}
