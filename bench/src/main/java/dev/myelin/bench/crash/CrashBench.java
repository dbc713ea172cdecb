package dev.myelin.bench.crash;

import dev.myelin.bench.host.TempFolder;
import dev.myelin.bench.load.LoadFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `myelin bench crash`.
@Command(
    name = "crash",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Kill a server (kill -9) at random moments while sessions over WebSocket and gRPC stream into",
      "it, start it again, and check each time that what was acknowledged is there, once, and",
      "nothing beyond the floor of a session."
    },
    footer = {
      "",
      "  myelin bench crash --rounds 1000",
      "",
      "Exit codes: 0 nothing was lost, 1 something was lost or doubled, 2 wrong options."
    })
public final class CrashBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--rounds", paramLabel = "N", description = "How often (${DEFAULT-VALUE}).")
  private int rounds = 50;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description = "JSON, binary and gRPC in turn, in two spaces (${DEFAULT-VALUE}).")
  private int sessions = 4;

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the choices of a run.")
  private @Nullable Long seed;

  /// For picocli.
  public CrashBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1 || sessions < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds and --sessions: too few (expected: 1 or more)");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    long chosen = seed == null ? System.nanoTime() : seed;
    try (TempFolder folder = TempFolder.create()) {
      CrashRun run = new CrashRun(folder.path().resolve("data"), sessions, chosen);
      long survived =
          run.run(
              rounds,
              line -> {
                err.println(line);
                err.flush();
              });
      out.println(
          survived
              + " observations of "
              + sessions
              + " sessions survived "
              + rounds
              + " kills, each there once; none was lost (seed "
              + chosen
              + ")");
      out.flush();
      return 0;
    } catch (LoadFailure e) {
      err.println("myelin bench: " + e.text() + " (seed " + chosen + ")");
      err.flush();
      return 1;
    }
  }
}
