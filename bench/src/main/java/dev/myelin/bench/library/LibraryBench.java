package dev.myelin.bench.library;

import dev.myelin.bench.fanout.FanoutFigures;
import dev.myelin.bench.fanout.FanoutPlan;
import dev.myelin.bench.fanout.FanoutRun;
import dev.myelin.bench.fanout.Surface;
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
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `myelin bench library`.
@Command(
    name = "library",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How fast libraries take in documents, find their passages and tell of changes, and what a",
      "listener costs. Each part starts a server of its own."
    },
    footer = {
      "",
      "  myelin bench library --part fanout --listeners 1000 --rate 100",
      "  myelin bench library --part intake --part search --passages 100000",
      "",
      "Exit codes: 0 measured, 1 something was missing, doubled or out of order, 2 wrong options."
    })
public final class LibraryBench implements Callable<Integer> {
  private static final Map<String, String> NO_MODEL = Map.of("MYELIN_EMBEDDING_PROVIDER", "none");
  private static final String LIBRARY = "bench";
  private static final int DIMENSION = 384;

  /// What can be measured.
  enum Part {
    /// Change to delivery, beside servers that only hand on.
    FANOUT,
    /// Documents in, with given embeddings and with the model's.
    INTAKE,
    /// Searches in a filled library.
    SEARCH,
    /// The heap of an idle listener.
    IDLE
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "fanout, intake, search or idle; may be given more than once (all).")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--listeners",
      paramLabel = "N",
      description = "Connections that listen (${DEFAULT-VALUE}).")
  private int listeners = 1_000;

  @Option(names = "--rate", paramLabel = "N", description = "Changes a second (${DEFAULT-VALUE}).")
  private double rate = 100;

  @Option(
      names = "--stuck",
      paramLabel = "N",
      description = "Connections more that never read (${DEFAULT-VALUE}).")
  private int stuck;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "How long to measure the fan-out, such as 60s (20s).")
  private Duration duration = Duration.ofSeconds(20);

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "How long to publish before that (10s).")
  private Duration warmUp = Duration.ofSeconds(10);

  @Option(
      names = "--passages",
      paramLabel = "N",
      description = "In the library that is searched (${DEFAULT-VALUE}).")
  private int passages = 100_000;

  @Option(
      names = "--searches",
      paramLabel = "N",
      description = "Of each way to ask (${DEFAULT-VALUE}).")
  private int searches = 1_000;

  @Option(
      names = "--texts",
      paramLabel = "N",
      description = "Passages for which the model makes the embeddings (${DEFAULT-VALUE}).")
  private int texts = 2_000;

  /// For picocli.
  public LibraryBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    PrintWriter out = spec.commandLine().getOut();
    try (TempFolder folder = TempFolder.create()) {
      out.println(Machine.look(folder.path()).text());
      out.flush();
      if (parts.contains(Part.FANOUT)) {
        fanout(folder, out);
      }
      if (parts.contains(Part.IDLE)) {
        idle(folder, out);
      }
      if (parts.contains(Part.INTAKE)) {
        model(folder, out);
      }
      if (parts.contains(Part.INTAKE) || parts.contains(Part.SEARCH)) {
        documents(folder, out);
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
    if (listeners < 1
        || !(rate > 0)
        || stuck < 0
        || passages < 1_000
        || searches < 1
        || texts < 2) {
      throw new ParameterException(
          spec.commandLine(),
          "--listeners, --rate and --searches: expected more than 0; --stuck: 0 or more;"
              + " --texts: 2 or more; --passages: 1000 or more");
    }
  }

  private void fanout(TempFolder folder, PrintWriter out) throws IOException, InterruptedException {
    FanoutFigures own;
    Surface surface = Surface.library(LIBRARY);
    try (ServerProcess server = start(folder, "fanout", NO_MODEL)) {
      Target target = target(server);
      try (LibraryApi api = new LibraryApi(target)) {
        api.create(LIBRARY);
      }
      FanoutPlan plan = plan(0);
      own = new FanoutRun("myelin", target, surface, plan, server::cpuSeconds).measure();
    }
    out.println(FanoutFigures.HEAD);
    out.println(own.row());
    for (FanoutPeer peer : FanoutPeer.values()) {
      if (!peer.isInstalled()) {
        out.println(peer.label() + " is not installed and left out (scripts/install-peers)");
        continue;
      }
      try (PeerProcess process = peer.start(folder.path().resolve(peer.label()))) {
        FanoutFigures figures =
            new FanoutRun(
                    peer.label(),
                    process.target(),
                    peer.surface(),
                    plan(own.eventBytes()),
                    process::cpuSeconds)
                .measure();
        out.println(figures.row());
        out.printf(
            Locale.ROOT,
            "myelin / %s: deliveries per cpu second %.2f, p99 %.2f%n",
            peer.label(),
            own.perCpuSecond() / figures.perCpuSecond(),
            own.p99() / figures.p99());
      }
    }
    out.flush();
  }

  private FanoutPlan plan(int bytes) {
    return new FanoutPlan(listeners, rate, warmUp, duration, stuck, bytes);
  }

  private void idle(TempFolder folder, PrintWriter out) throws IOException, InterruptedException {
    try (ServerProcess server = start(folder, "idle", NO_MODEL)) {
      Target target = target(server);
      try (LibraryApi api = new LibraryApi(target)) {
        api.create(LIBRARY);
      }
      Listeners idle = new Listeners(server, target, Surface.library(LIBRARY));
      out.printf(
          Locale.ROOT,
          "%d idle listeners: %.0f bytes of heap each%n",
          listeners,
          idle.bytesEach(listeners));
      out.flush();
    }
  }

  private void model(TempFolder folder, PrintWriter out) throws IOException, InterruptedException {
    Passages made = new Passages(DIMENSION, 2);
    double alone = new ModelSpeed(made, texts).passagesPerSecond();
    try (ServerProcess server = start(folder, "model", Map.of());
        LibraryApi api = new LibraryApi(target(server))) {
      api.create(LIBRARY);
      Intake intake = new Intake(api, LIBRARY, made);
      intake.withTexts(0, texts / 2);
      double served = intake.withTexts(texts, texts);
      out.printf(
          Locale.ROOT,
          "embedded by the server: %.0f passages/s; by the model alone: %.0f; ratio %.2f%n",
          served,
          alone,
          served / alone);
      out.flush();
    }
  }

  private void documents(TempFolder folder, PrintWriter out)
      throws IOException, InterruptedException {
    Passages made = new Passages(DIMENSION, 1);
    try (ServerProcess server = start(folder, "documents", NO_MODEL);
        LibraryApi api = new LibraryApi(target(server))) {
      api.create(LIBRARY);
      Intake intake = new Intake(api, LIBRARY, made);
      int warm = Math.min(20_000, passages / 2);
      intake.withEmbeddings(0, warm);
      double rateIn = intake.withEmbeddings(warm, passages - warm);
      out.printf(
          Locale.ROOT,
          "given embeddings of %d values, batches of 500 passages: %.0f passages/s%n",
          DIMENSION,
          rateIn);
      out.flush();
      if (parts.contains(Part.SEARCH)) {
        List<Searches.Figures> found = new Searches(api, LIBRARY, made).all(searches);
        out.printf(Locale.ROOT, "among %d passages:%n", passages);
        found.forEach(figures -> out.println(figures.row()));
        out.flush();
      }
    }
  }

  private static ServerProcess start(TempFolder folder, String name, Map<String, String> settings)
      throws IOException {
    return ServerProcess.start(folder.path().resolve(name), List.of(), settings);
  }

  private static Target target(ServerProcess server) {
    return Target.parse(server.url(), System.getenv("MYELIN_API_KEY"));
  }
}
