package dev.myelin.library.job.work;

/// Ends a run whose job has ended, or whose server stops. Nothing is wrong.
public final class JobStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobStopped() {
    super("stopped", null, false, false);
  }
}
