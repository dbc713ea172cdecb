package dev.myelin.library.webhook.ledger;

import java.time.Instant;

/// How often the next event could not be delivered.
///
/// @param attempts that failed, one after the other
/// @param since when the first of them did
/// @param nextAt when to try again
/// @param generation of the webhook at that time: who resumes it or changes its URL begins anew
public record Failures(int attempts, Instant since, Instant nextAt, int generation) {
  public static final Failures NONE = new Failures(0, Instant.EPOCH, Instant.EPOCH, 0);

  /// These, if they are still of that generation.
  public Failures of(int present) {
    return generation == present ? this : NONE;
  }
}
