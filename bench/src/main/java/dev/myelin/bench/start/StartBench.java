package dev.myelin.bench.start;

import dev.myelin.bench.host.Machine;
import dev.myelin.bench.host.TempFolder;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Observations;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `myelin bench start`.
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How long a server takes from the start of its process to being ready and to the answer of its",
      "first recall: with an empty folder, and with memories in it. Medians of three starts."
    },
    footer = {
      "",
      "  myelin bench start --memories 100000",
      "",
      "Exit codes: 0 measured, 1 the memory that was asked for was not there, 2 wrong options."
    })
public final class StartBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--memories",
      paramLabel = "N",
      description = "How many are there (${DEFAULT-VALUE}).")
  private int memories = 100_000;

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description = "Length of their embeddings (${DEFAULT-VALUE}).")
  private int dimension = 768;

  /// For picocli.
  public StartBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (memories < 1 || dimension < 1) {
      throw new ParameterException(
          spec.commandLine(), "--memories and --dimension: too few (expected: 1 or more)");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (TempFolder folder = TempFolder.create()) {
      out.println(Machine.look(folder.path()).text());
      out.printf(Locale.ROOT, "%-18s %9s %15s%n", "", "ready s", "first recall s");
      Starts starts = new Starts(folder.path(), new Observations("start", dimension, 1));
      print(out, "empty", starts.empty());
      print(out, memories + " memories", starts.filled(memories));
      return 0;
    } catch (LoadFailure e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("myelin bench: " + e.text());
      err.flush();
      return 1;
    }
  }

  private static void print(PrintWriter out, String name, Starts.Times times) {
    out.printf(
        Locale.ROOT,
        "%-18s %9.2f %15.2f%n",
        name,
        seconds(times.ready()),
        seconds(times.firstRecall()));
    out.flush();
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
