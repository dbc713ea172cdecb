package dev.myelin.library.job.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a list of jobs, newest first.
///
/// @param total how many there are in all
/// @param next the cursor of the next page, null after the last
public record JobPage(List<JobInfo> jobs, long total, @Nullable String next) {
  public JobPage {
    jobs = List.copyOf(jobs);
  }
}
