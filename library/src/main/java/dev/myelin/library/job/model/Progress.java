package dev.myelin.library.job.model;

/// How far a job is.
///
/// @param current how much is done
/// @param total how much there is; it may grow while the job runs
/// @param message what is being done
public record Progress(long current, long total, String message) {

  /// How much is done, 0 to 100 with two places.
  public double percentage() {
    return total <= 0 ? 0 : Math.round(Math.min(1.0, (double) current / total) * 10_000) / 100.0;
  }

  /// The same with another message.
  public Progress saying(String other) {
    return new Progress(current, total, other);
  }
}
