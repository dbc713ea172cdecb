package dev.myelin.live.limit;

import java.time.Duration;

/// Whether something may be done now.
public sealed interface Verdict {
  /// It may.
  record Allowed() implements Verdict {
    static final Allowed INSTANCE = new Allowed();
  }

  /// It is one too many of a kind of which the next says the same: to be left out without a word.
  record Merged() implements Verdict {
    static final Merged INSTANCE = new Merged();
  }

  /// It may not, and the client is to be told.
  ///
  /// @param bucket what was counted, see [Bucket#word()]; `connection` for all frames of one
  /// @param rate how often it may be
  /// @param remaining tokens that are left
  /// @param retryAfter doubled with each strike, and never less than it takes until this one would
  ///   be allowed
  /// @param strikes refusals within the configured time, this one among them
  /// @param isLast whether these are as many as there may be: the connection is to be closed
  record Refused(
      String bucket, Rate rate, long remaining, Duration retryAfter, int strikes, boolean isLast)
      implements Verdict {}
}
