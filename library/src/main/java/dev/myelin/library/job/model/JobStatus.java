package dev.myelin.library.job.model;

import java.util.Locale;
import java.util.Optional;

/// Where a job stands.
public enum JobStatus {
  /// It waits for its turn, or to be tried again.
  PENDING,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELLED;

  /// Whether nothing more happens.
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  /// How it is written: the name in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<JobStatus> parse(String text) {
    for (JobStatus status : values()) {
      if (status.word().equals(text)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
