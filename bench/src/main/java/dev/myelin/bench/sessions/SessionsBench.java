package dev.myelin.bench.sessions;

import dev.myelin.bench.host.Machine;
import dev.myelin.bench.host.Metrics;
import dev.myelin.bench.host.ServerProcess;
import dev.myelin.bench.host.TempFolder;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `myelin bench sessions`.
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How many bytes of heap an idle session takes: live objects of a server after collections,",
      "before and after so many sessions were opened and left to be resumed."
    },
    footer = {
      "",
      "  myelin bench sessions --count 50000",
      "",
      "Exit codes: 0 measured, 1 the server does not keep them all, 2 wrong options."
    })
public final class SessionsBench implements Callable<Integer> {
  private static final int WARM_UP = 500;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(20);

  @Spec private CommandSpec spec;

  @Option(names = "--count", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
  private int count = 10_000;

  /// For picocli.
  public SessionsBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (count < 1) {
      throw new ParameterException(
          spec.commandLine(), "--count: " + count + " (expected: 1 or more)");
    }
    Map<String, String> settings =
        Map.of(
            "MYELIN_STREAM_MAX_SESSIONS",
            Integer.toString(count + WARM_UP),
            "MYELIN_STREAM_IDLE_TIMEOUT",
            "60m",
            "MYELIN_EMBEDDING_PROVIDER",
            "none");
    PrintWriter out = spec.commandLine().getOut();
    try (TempFolder folder = TempFolder.create();
        ServerProcess server =
            ServerProcess.start(folder.path().resolve("data"), List.of(), settings)) {
      out.println(Machine.look(folder.path()).text());
      measure(server, out);
      return 0;
    } catch (LoadFailure e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("myelin bench: " + e.text());
      err.flush();
      return 1;
    }
  }

  private void measure(ServerProcess server, PrintWriter out)
      throws IOException, InterruptedException {
    Target target = Target.parse(server.url(), null);
    IdleSessions.open(target, WARM_UP);
    awaitSessions(target, WARM_UP);
    server.liveBytes(); // loads what the looking itself needs
    long before = server.liveBytes();
    IdleSessions.open(target, count);
    awaitSessions(target, WARM_UP + count);
    long after = server.liveBytes();
    out.printf(
        Locale.ROOT,
        "%d idle sessions: %.0f bytes of heap each (live objects: %.1f MB before, %.1f MB after)%n",
        count,
        (after - before) / (double) count,
        before / 1e6,
        after / 1e6);
    out.flush();
  }

  /// Waits until all connections are gone and all sessions still there.
  private static void awaitSessions(Target target, int expected)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE;
    while (true) {
      Metrics metrics = Metrics.of(target);
      long sessions = Math.round(metrics.sum("myelin_stream_sessions"));
      long connections = Math.round(metrics.sum("myelin_stream_connections"));
      if (sessions == expected && connections == 0) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new LoadFailure(
            "the server has "
                + sessions
                + " sessions and "
                + connections
                + " connections (expected: "
                + expected
                + " and 0)");
      }
      LockSupport.parkNanos(POLL);
    }
  }
}
