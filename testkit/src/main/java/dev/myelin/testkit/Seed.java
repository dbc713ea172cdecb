package dev.myelin.testkit;

import java.util.Random;

/// The seed of a random test: a new one each run, printed, so that a failure can be repeated with
/// `-Dmyelin.seed=NUMBER`.
///
/// @param value what the random numbers begin with
public record Seed(long value) {

  /// The seed of this test, named for the log.
  public static Seed of(String test) {
    Long given = Long.getLong("myelin.seed");
    Seed seed = new Seed(given != null ? given : System.nanoTime());
    System.out.println(test + ": -Dmyelin.seed=" + seed.value);
    return seed;
  }

  public Random random() {
    return new Random(value);
  }
}
