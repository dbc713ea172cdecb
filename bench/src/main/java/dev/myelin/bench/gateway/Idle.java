package dev.myelin.bench.gateway;

import dev.myelin.bench.fanout.Audience;
import dev.myelin.bench.fanout.Surface;
import dev.myelin.bench.fanout.Tally;
import dev.myelin.bench.host.ServerProcess;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// What connections cost that do nothing: heap by class, memory beside the heap, processor.
///
/// The server's heap is of a fixed size and touched beforehand ([#heap(int)]), so that what its
/// process grows by is not heap. What the kernel keeps for its sockets is not counted.
record Idle(ServerProcess server, Target target, int connections, Duration watched) {
  private static final int WARM_UP = 200;
  private static final int SHOWN = 12;

  /// Options of the server's JVM for so many connections.
  static List<String> heap(int connections) {
    String size = 256 + connections / 20 + "m";
    return List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
  }

  void measure(PrintWriter out) throws IOException {
    Surface surface = Guests.surface(target);
    Surface others =
        new Surface(
            surface.path(),
            number -> surface.greetings().apply(number + WARM_UP),
            surface.ready(),
            surface.form(),
            surface.publishHead());
    try (Audience warm = Audience.open(target, surface, WARM_UP, nothing(WARM_UP))) {
      server.liveBytes(); // loads what the looking itself needs
      Map<String, Long> classesBefore = server.liveClasses();
      long residentBefore = server.residentBytes();
      long began = System.nanoTime();
      try (Audience idle = Audience.open(target, others, connections, nothing(connections))) {
        double seconds = (System.nanoTime() - began) / 1e9;
        Map<String, Long> classes = server.liveClasses();
        long resident = server.residentBytes();
        double cpu = server.cpuSeconds();
        watch(warm, idle);
        cpu = server.cpuSeconds() - cpu;
        print(out, classesBefore, classes, resident - residentBefore);
        out.printf(
            Locale.ROOT,
            "connected in %.1f s; idle: %.2f %% of one processor over %d s%n",
            seconds,
            100 * cpu / (watched.toMillis() / 1e3),
            watched.toSeconds());
        out.flush();
      }
    }
  }

  private static Tally nothing(int listeners) {
    return new Tally(listeners, 0);
  }

  private void watch(Audience warm, Audience idle) {
    long end = System.nanoTime() + watched.toNanos();
    while (System.nanoTime() - end < 0) {
      warm.requireWell();
      idle.requireWell();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private void print(
      PrintWriter out, Map<String, Long> before, Map<String, Long> after, long resident) {
    Map<String, Long> grown =
        after.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> entry.getValue() - before.getOrDefault(entry.getKey(), 0L)));
    long heap = grown.values().stream().mapToLong(Long::longValue).sum();
    out.printf(
        Locale.ROOT,
        "%d connections, authenticated, on two channels: %.0f bytes each (heap %.0f, beside it %.0f)%n",
        connections,
        (heap + resident) / (double) connections,
        heap / (double) connections,
        resident / (double) connections);
    grown.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .filter(entry -> entry.getValue() > connections)
        .forEach(entry ->
            out.printf(
                Locale.ROOT,
                "  %7.0f  %s%n",
                entry.getValue() / (double) connections,
                entry.getKey()));
  }
}
