package dev.myelin.bench.gateway;

import dev.myelin.bench.fanout.FanoutFigures;
import dev.myelin.bench.fanout.FanoutPlan;
import dev.myelin.bench.fanout.FanoutRun;
import dev.myelin.bench.host.Machine;
import dev.myelin.bench.host.ServerProcess;
import dev.myelin.bench.host.TempFolder;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import dev.myelin.bench.peer.FanoutPeer;
import dev.myelin.bench.peer.PeerProcess;
import dev.myelin.bench.stream.Seconds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `myelin bench gateway`.
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What a connection to the gateway costs at rest, how fast an event gets to all who listen",
      "to a channel beside servers that only hand on, and how fast clients come back after a",
      "break. Each part starts a server of its own; clients have tokens, and addresses of the",
      "loopback network."
    },
    footer = {
      "",
      "  myelin bench gateway --part connections --connections 10000",
      "  myelin bench gateway --part fanout --listeners 1000 --listeners 5000",
      "",
      "Exit codes: 0 measured, 1 something was missing, doubled or out of order, 2 wrong options."
    })
public final class GatewayBench implements Callable<Integer> {
  /// What can be measured.
  enum Part {
    /// Memory and processor of connections that do nothing.
    CONNECTIONS,
    /// Publishing to delivery, beside servers that only hand on.
    FANOUT,
    /// Coming back after a break.
    RESUME
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "connections, fanout or resume; may be given more than once (all).")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections at rest (${DEFAULT-VALUE}).")
  private int connections = 10_000;

  @Option(
      names = "--idle",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "How long to watch them (20s).")
  private Duration idle = Duration.ofSeconds(20);

  @Option(
      names = "--listeners",
      paramLabel = "N",
      description = "Of the channel; may be given more than once (1000 and 5000).")
  private List<Integer> listeners = List.of(1_000, 5_000);

  @Option(
      names = "--deliveries",
      paramLabel = "N",
      description = "Listeners times events a second (${DEFAULT-VALUE}).")
  private double deliveries = 50_000;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Of the text that is published (${DEFAULT-VALUE}).")
  private int bytes = 256;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "How long to measure the fan-out (20s).")
  private Duration duration = Duration.ofSeconds(20);

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "How long to publish before that (10s).")
  private Duration warmUp = Duration.ofSeconds(10);

  @Option(
      names = "--reconnects",
      paramLabel = "N",
      description = "Clients that come back (${DEFAULT-VALUE}).")
  private int reconnects = 2_000;

  @Option(
      names = "--within",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "Over how long they are spread (5s).")
  private Duration within = Duration.ofSeconds(5);

  @Option(
      names = "--missed",
      paramLabel = "N",
      description = "Events published while they are away (${DEFAULT-VALUE}).")
  private int missed = 10;

  /// For picocli.
  public GatewayBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    PrintWriter out = spec.commandLine().getOut();
    try (TempFolder folder = TempFolder.create()) {
      OpenFiles.require(most());
      out.println(Machine.look(folder.path()).text());
      out.flush();
      if (parts.contains(Part.CONNECTIONS)) {
        connections(folder, out);
      }
      if (parts.contains(Part.FANOUT)) {
        for (int count : listeners) {
          fanout(folder, count, out);
        }
      }
      if (parts.contains(Part.RESUME)) {
        resume(folder, out);
      }
      return 0;
    } catch (LoadFailure e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("myelin bench: " + e.text());
      err.flush();
      return 1;
    }
  }

  private void check() {
    boolean counts = connections > 0 && reconnects > 0 && missed > 0 && bytes >= 32;
    if (!counts || !(deliveries > 0) || listeners.stream().anyMatch(count -> count < 1)) {
      throw new ParameterException(
          spec.commandLine(),
          "--connections, --listeners, --deliveries, --reconnects and --missed: expected more than"
              + " 0; --bytes: 32 or more");
    }
  }

  private int most() {
    int most = parts.contains(Part.CONNECTIONS) ? connections : 0;
    most = parts.contains(Part.RESUME) ? Math.max(most, reconnects) : most;
    return parts.contains(Part.FANOUT)
        ? Math.max(most, listeners.stream().mapToInt(Integer::intValue).max().orElse(0))
        : most;
  }

  private void connections(TempFolder folder, PrintWriter out) throws IOException {
    try (ServerProcess server = start(folder, "connections", Idle.heap(connections), connections)) {
      new Idle(server, target(server), connections, idle).measure(out);
    }
  }

  private void fanout(TempFolder folder, int count, PrintWriter out) throws IOException {
    FanoutPlan plan = new FanoutPlan(count, deliveries / count, warmUp, duration, 0, bytes);
    FanoutFigures own;
    try (ServerProcess server = start(folder, "fanout-" + count, List.of(), count)) {
      Target target = target(server);
      own =
          new FanoutRun("myelin", target, Guests.surface(target), plan, server::cpuSeconds)
              .measure();
    }
    out.println(FanoutFigures.HEAD);
    out.println(own.row());
    out.flush();
    for (FanoutPeer peer : FanoutPeer.values()) {
      if (!peer.isInstalled()) {
        out.println(peer.label() + " is not installed and left out (scripts/install-peers)");
        continue;
      }
      beside(folder.path().resolve(peer.label() + "-" + count), peer, plan, own, out);
    }
  }

  private static void beside(
      Path folder, FanoutPeer peer, FanoutPlan plan, FanoutFigures own, PrintWriter out)
      throws IOException {
    try (PeerProcess process = peer.start(folder)) {
      FanoutFigures figures =
          new FanoutRun(peer.label(), process.target(), peer.surface(), plan, process::cpuSeconds)
              .measure();
      out.println(figures.row());
      out.printf(
          Locale.ROOT,
          "myelin / %s: deliveries per cpu second %.2f, p99 %.2f%n",
          peer.label(),
          own.perCpuSecond() / figures.perCpuSecond(),
          own.p99() / figures.p99());
      out.flush();
    }
  }

  private void resume(TempFolder folder, PrintWriter out) throws IOException, InterruptedException {
    try (ServerProcess server = start(folder, "resume", List.of(), reconnects)) {
      out.println(new ComeBack(target(server), reconnects, within, missed).measure());
      out.flush();
    }
  }

  private static ServerProcess start(
      TempFolder folder, String name, List<String> jvmOptions, int guests) throws IOException {
    return ServerProcess.start(folder.path().resolve(name), jvmOptions, Guests.settings(guests));
  }

  private static Target target(ServerProcess server) {
    return Target.parse(server.url(), null);
  }
}
