package dev.myelin.library.job.model;

import dev.myelin.model.SpaceId;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which jobs of a tenant are wanted; null for any.
///
/// @param visible the libraries whose jobs may be seen
public record JobFilter(
    Predicate<SpaceId> visible,
    @Nullable JobStatus status,
    @Nullable JobType type,
    @Nullable SpaceId library) {

  /// All jobs.
  public static final JobFilter ALL = new JobFilter(_ -> true, null, null, null);

  public boolean wants(JobInfo job) {
    return (status == null || status == job.status())
        && (type == null || type == job.type())
        && (library == null || library.equals(job.library()))
        && visible.test(job.library());
  }
}
