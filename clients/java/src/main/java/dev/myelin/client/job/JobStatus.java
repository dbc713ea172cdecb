package dev.myelin.client.job;

import java.util.Locale;

/// Where a job stands.
public enum JobStatus {
  PENDING,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELLED,
  /// A later server's word that this client does not know.
  UNKNOWN;

  static JobStatus of(String word) {
    for (JobStatus status : values()) {
      if (status.word().equals(word)) {
        return status;
      }
    }
    return UNKNOWN;
  }

  /// As the server says it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether nothing more will come of it.
  public boolean isOver() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
