package dev.myelin.library.job;

import java.time.Duration;

/// Bounds of jobs.
///
/// @param workers how many run at the same time
/// @param queue how many may wait, and with how much
/// @param retry when a job is tried again
/// @param kept how long and how many are kept that are over
/// @param exports how long and how many files are kept
/// @param progressInterval how often at most a job tells how far it is
/// @param stopTimeout how long closing waits for running jobs to come to a checkpoint
public record JobConfig(
    int workers,
    Queue queue,
    Retry retry,
    Kept kept,
    Exports exports,
    Duration progressInterval,
    Duration stopTimeout) {

  /// What may wait.
  ///
  /// @param maxWaiting jobs, of all tenants
  /// @param maxWaitingPerTenant jobs of one tenant
  /// @param maxItems things that one job may be given
  /// @param maxBytes what all jobs that are not over were given, together
  public record Queue(int maxWaiting, int maxWaitingPerTenant, int maxItems, long maxBytes) {
    public Queue {
      require("jobs.max-waiting", maxWaiting, 1);
      require("jobs.max-waiting-per-tenant", maxWaitingPerTenant, 1);
      require("jobs.max-items", maxItems, 1);
      require("jobs.max-bytes", maxBytes, 1);
    }
  }

  /// When a job is tried again after a temporary failure.
  ///
  /// @param times how often, unless the job asks for less or more
  /// @param first pause before the first time; doubled each time
  /// @param most longest pause
  public record Retry(int times, Duration first, Duration most) {
    public Retry {
      require("jobs.max-retries", times, 0);
      require("jobs.min-backoff", first.toMillis(), 1);
      require("jobs.max-backoff", most.toMillis(), first.toMillis());
    }
  }

  /// What is kept of jobs that are over.
  ///
  /// @param max jobs of all tenants; the oldest go first
  /// @param maxPerTenant jobs of one tenant
  /// @param maxAge since they ended
  public record Kept(int max, int maxPerTenant, Duration maxAge) {
    public Kept {
      require("jobs.max-kept", max, 1);
      require("jobs.max-kept-per-tenant", maxPerTenant, 1);
      require("jobs.max-age", maxAge.toMillis(), 1);
    }
  }

  /// What is kept of exported files.
  ///
  /// @param max files; the oldest go first
  /// @param maxBytes of one file, and of all together
  /// @param maxAge since they were written
  public record Exports(int max, long maxBytes, Duration maxAge) {
    public Exports {
      require("jobs.max-exports", max, 1);
      require("jobs.max-export-bytes", maxBytes, 1);
      require("jobs.max-export-age", maxAge.toMillis(), 1);
    }
  }

  public static final JobConfig DEFAULT =
      new JobConfig(
          2,
          new Queue(256, 64, 10_000, 1L << 30),
          new Retry(3, Duration.ofSeconds(1), Duration.ofMinutes(1)),
          new Kept(10_000, 1_000, Duration.ofDays(7)),
          new Exports(100, 10L << 30, Duration.ofDays(1)),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));

  public JobConfig {
    require("jobs.workers", workers, 1);
    require("jobs.progress-interval", progressInterval.toMillis(), 1);
    require("jobs.stop-timeout", stopTimeout.toMillis(), 1);
  }

  private static void require(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " or more)");
    }
  }
}
