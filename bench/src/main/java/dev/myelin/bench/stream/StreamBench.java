package dev.myelin.bench.stream;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.bench.host.Machine;
import dev.myelin.bench.host.ServerProcess;
import dev.myelin.bench.host.TempFolder;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.LoadPlan;
import dev.myelin.bench.load.Target;
import dev.myelin.bench.load.Transport;
import dev.myelin.bench.peer.Peer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `myelin bench stream`.
@Command(
    name = "stream",
    description = {
      "Stream observations into a server, verify every verdict, and tell how fast it was.",
      "Starts a server of its own unless --url names one."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Latency counts from the moment an observation was due, so that a stall is not hidden.",
      "",
      "  myelin bench stream --transport json --rate 10000",
      "  myelin bench stream --transport grpc --transport binary --closed",
      "  myelin bench stream --transport binary --closed --peer redis --peer lancedb",
      "",
      "Exit codes: 0 measured, 1 a verdict or a memory was wrong or missing, 2 wrong options."
    })
public final class StreamBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--transport",
      paramLabel = "WAY",
      converter = TransportName.class,
      description = "json, binary or grpc; may be given more than once (all three).")
  private List<Transport> transports = List.of(Transport.values());

  @Option(
      names = "--peer",
      paramLabel = "NAME",
      converter = PeerName.class,
      description = {
        "Another store under the same load, redis or lancedb; may be given more than once.",
        "One that is not installed is left out; scripts/install-peers installs both."
      })
  private List<Peer> peers = List.of();

  @Option(names = "--connections", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
  private int connections = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Observations a second over all connections, come what may (${DEFAULT-VALUE}).")
  private double rate = 10_000;

  @Option(names = "--closed", description = "As fast as --window allows, instead of at a rate.")
  private boolean closed;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Unacknowledged observations with --closed (${DEFAULT-VALUE}).")
  private int window = 1_000;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "How long to measure, such as 60s or 5m (60s).")
  private Duration duration = Duration.ofSeconds(60);

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "How long to stream before that (10s).")
  private Duration warmUp = Duration.ofSeconds(10);

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description = "Length of the embeddings (${DEFAULT-VALUE}).")
  private int dimension = 768;

  @Option(names = "--text", description = "Text alone, no embeddings.")
  private boolean text;

  @Option(
      names = "--recalls",
      paramLabel = "N",
      description = "Recall what was just acknowledged, N times a second beside the load.")
  private double recalls;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "A running server, such as http://127.0.0.1:7077.")
  private @Nullable String url;

  @Option(
      names = "--server-option",
      paramLabel = "OPTION",
      description = "An option for the JVM of the server that is started, such as -Xmx2g.")
  private List<String> serverOptions = List.of();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /// For picocli.
  public StreamBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try (TempFolder folder = TempFolder.create()) {
      LoadPlan plan = new LoadPlan(connections, closed ? 0 : rate, window, warmUp, duration);
      Machine machine = Machine.look(folder.path());
      String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
      List<StreamFigures> figures = measure(plan, folder, run);
      List<StreamFigures> others = measurePeers(plan, folder, run);
      print(machine, figures, others);
      return figures.stream().allMatch(StreamBench::isRight) ? 0 : 1;
    } catch (LoadFailure e) {
      err.println("myelin bench: " + e.text());
      err.flush();
      return 1;
    }
  }

  private List<StreamFigures> measure(LoadPlan plan, TempFolder folder, String run)
      throws IOException, InterruptedException {
    List<StreamFigures> figures = new ArrayList<>();
    for (Transport transport : transports) {
      String key = System.getenv("MYELIN_API_KEY");
      if (url != null) {
        figures.add(run(Target.parse(url, key), transport, plan, run).measure());
        continue;
      }
      String name = "data-" + transport.name().toLowerCase(Locale.ROOT);
      try (ServerProcess server = ServerProcess.start(folder.path().resolve(name), serverOptions)) {
        figures.add(run(Target.parse(server.url(), key), transport, plan, run).measure());
      }
    }
    return figures;
  }

  private List<StreamFigures> measurePeers(LoadPlan plan, TempFolder folder, String run)
      throws IOException, InterruptedException {
    List<StreamFigures> figures = new ArrayList<>();
    for (Peer peer : peers) {
      if (peer.isInstalled()) {
        Path data = folder.path().resolve(peer.label());
        figures.add(new PeerRun(peer, data, plan, run, text ? 0 : dimension).measure());
      } else {
        PrintWriter err = spec.commandLine().getErr();
        err.println("myelin bench: " + peer.label() + " is not installed and left out");
        err.flush();
      }
    }
    return figures;
  }

  private StreamRun run(Target target, Transport transport, LoadPlan plan, String run) {
    return new StreamRun(target, transport, plan, run, text ? 0 : dimension, recalls);
  }

  private static boolean isRight(StreamFigures figures) {
    return figures.missed() == 0 && (figures.recalls() == null || figures.recalls().misses() == 0);
  }

  private void print(Machine machine, List<StreamFigures> figures, List<StreamFigures> others) {
    PrintWriter out = spec.commandLine().getOut();
    List<Ratio> ratios =
        figures.stream()
            .flatMap(own -> others.stream().map(other -> Ratio.of(own, other)))
            .toList();
    if (json) {
      JsonMapper mapper = new JsonMapper();
      ObjectNode all = mapper.createObjectNode().put("machine", machine.text());
      all.put("connections", connections).put("dimension", text ? 0 : dimension);
      ArrayNode runs = all.putArray("runs");
      figures.forEach(one -> runs.add(one.json(mapper)));
      others.forEach(one -> runs.add(one.json(mapper)));
      ArrayNode compared = all.putArray("ratios");
      ratios.forEach(ratio -> compared.add(ratio.json(mapper)));
      out.println(all.toPrettyString());
    } else {
      out.println(machine.text());
      out.println(
          connections
              + (connections == 1 ? " connection, " : " connections, ")
              + (text ? "text alone" : dimension + " values")
              + ", "
              + duration.toSeconds()
              + " s after "
              + warmUp.toSeconds()
              + " s of warm-up");
      out.println(StreamFigures.HEAD);
      figures.forEach(one -> out.println(one.row()));
      others.forEach(one -> out.println(one.row()));
      figures.forEach(one -> details(out, one));
      if (!ratios.isEmpty()) {
        out.println(Ratio.HEAD);
        ratios.forEach(ratio -> out.println(ratio.row()));
      }
    }
    out.flush();
  }

  private static void details(PrintWriter out, StreamFigures figures) {
    figures
        .load()
        .rejections()
        .forEach(
            (code, count) -> out.println(figures.name() + ": " + count + " rejected as " + code));
    StreamFigures.Recalls beside = figures.recalls();
    if (beside != null) {
      out.printf(
          Locale.ROOT,
          "%s: %d recalls of what was just acknowledged, %d missed; p50 %.2f, p99 %.2f, max %.1f ms%n",
          figures.name(),
          beside.count(),
          beside.misses(),
          beside.p50(),
          beside.p99(),
          beside.max());
    }
  }
}
