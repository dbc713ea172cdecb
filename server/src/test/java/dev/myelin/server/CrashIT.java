package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Kills a loaded server at random moments and holds it to its word each time, by `bench crash`:
/// what was acknowledged is there, once; nothing beyond the floor is; every session goes on at its
/// floor.
///
/// `-Dcrash.rounds=1000` and `-Dcrash.seed=N` make it longer and repeatable.
final class CrashIT {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 50);

  @Test
  void losesNothingAndDoublesNothingHoweverOftenItIsKilled() {
    String seed = Long.toString(Long.getLong("crash.seed", System.nanoTime()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String rounds = Integer.toString(ROUNDS);

    int code = command.execute("bench", "crash", "--rounds", rounds, "--seed", seed);

    assertThat(code).as("%s%s", out, err).isZero();
    assertThat(err.toString().lines()).hasSize(ROUNDS).allMatch(line -> line.startsWith("round "));
    assertThat(survivors(out.toString())).as("observations that survived").isGreaterThan(ROUNDS);
    System.out.println(out.toString().strip());
  }

  private static long survivors(String line) {
    return Long.parseLong(line.substring(0, line.indexOf(' ')));
  }
}
