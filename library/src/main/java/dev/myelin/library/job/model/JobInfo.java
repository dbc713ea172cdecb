package dev.myelin.library.job.model;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A job as it stands.
///
/// @param id a UUID; later ones sort behind
/// @param result what came of it, once it is completed
/// @param failure why it failed, was cancelled, or waits to be tried again
public record JobInfo(
    String id,
    SpaceId library,
    JobType type,
    JobStatus status,
    Times times,
    Tries tries,
    Progress progress,
    @Nullable Map<String, @Nullable Object> result,
    @Nullable Failure failure) {

  public JobInfo {
    result = result == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(result));
  }

  /// When what happened; null for not yet.
  ///
  /// @param started when it began for the first time
  /// @param ended when it was completed, failed or was cancelled
  public record Times(Instant created, @Nullable Instant started, @Nullable Instant ended) {
    Times startedAt(Instant now) {
      return started == null ? new Times(created, now, null) : this;
    }

    Times endedAt(Instant now) {
      return new Times(created, started, now);
    }
  }

  /// How often it was tried again.
  ///
  /// @param made how often so far
  /// @param max how often it may be
  /// @param next when it will be next, null if it does not wait for that
  public record Tries(int made, int max, @Nullable Instant next) {}

  /// What went wrong.
  public record Failure(ErrorCode code, String text) {}

  /// This job while it runs.
  public JobInfo running(Instant now) {
    return new JobInfo(
        id,
        library,
        type,
        JobStatus.RUNNING,
        times.startedAt(now),
        new Tries(tries.made, tries.max, null),
        progress,
        null,
        null);
  }

  /// This job further on.
  public JobInfo at(Progress other) {
    return new JobInfo(id, library, type, status, times, tries, other, result, failure);
  }

  /// This job waiting to be tried once more.
  public JobInfo again(Instant next, Failure why) {
    return new JobInfo(
        id,
        library,
        type,
        JobStatus.PENDING,
        times,
        new Tries(tries.made + 1, tries.max, next),
        progress.saying("waits to be tried again: " + why.text),
        null,
        why);
  }

  /// This job done.
  public JobInfo completed(Instant now, Progress whole, Map<String, @Nullable Object> with) {
    return new JobInfo(
        id,
        library,
        type,
        JobStatus.COMPLETED,
        times.endedAt(now),
        new Tries(tries.made, tries.max, null),
        whole,
        with,
        null);
  }

  /// This job ended before it was done.
  ///
  /// @param how FAILED or CANCELLED
  public JobInfo ended(Instant now, JobStatus how, Failure why) {
    return new JobInfo(
        id,
        library,
        type,
        how,
        times.endedAt(now),
        new Tries(tries.made, tries.max, null),
        progress.saying(how.word()),
        null,
        why);
  }
}
