package dev.myelin.bench.recall;

import dev.myelin.bench.host.Machine;
import dev.myelin.bench.load.Pace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// How many of the ten truly nearest points are recalled at growing sizes, how fast, idle and while
/// others come in, and how long a space of that size takes to open.
///
/// @param insertRate points a second beside the second round of queries
/// @param threads that ask at once, in a round of their own if more than 1
record VectorRecall(List<Integer> sizes, int dimension, int queries, int insertRate, int threads) {
  private static final int TOP = 10;

  void run(PrintWriter out) throws IOException, InterruptedException {
    out.println(Machine.look(Path.of(System.getProperty("java.io.tmpdir", "/tmp"))).text());
    out.printf(
        Locale.ROOT,
        "%d values, %d queries one after the other; beside: while %d points/s come in%n",
        dimension,
        queries,
        insertRate);
    out.println(
        "points     data       insert/s  index s  recall@10   p50 ms   p99 ms p99.9 ms |"
            + (threads > 1 ? AskedAtOnce.HEAD : "")
            + " beside: recall@10"
            + "   p50 ms   p99 ms p99.9 ms  got/s     lag | disk MB  heap MB  open s");
    for (int size : sizes) {
      measure(size, "clustered", Points.clustered(dimension, 1), out);
      measure(size, "uniform", Points.uniform(dimension, 1), out);
    }
  }

  private void measure(int size, String name, Points points, PrintWriter out)
      throws IOException, InterruptedException {
    List<float[]> cues = new ArrayList<>();
    for (int i = 1; i <= queries; i++) {
      cues.add(points.point(-i));
    }
    Exact exact = new Exact(cues, TOP);
    try (VectorLab lab = new VectorLab()) {
      long begin = System.nanoTime();
      for (long number = 0; number < size; number++) {
        lab.remember(number, points.point(number));
      }
      lab.awaitAcknowledgements();
      long inserted = System.nanoTime();
      lab.awaitIndex();
      long indexed = System.nanoTime();
      for (long number = 0; number < size; number++) {
        exact.see(number, points.point(number));
      }
      out.printf(
          Locale.ROOT,
          "%-10d %-10s %8.0f %8.1f %s |",
          size,
          name,
          size / ((inserted - begin) / 1e9),
          (indexed - inserted) / 1e9,
          ask(lab, cues, exact).text());
      out.flush();
      if (threads > 1) {
        out.print(AskedAtOnce.of(lab, cues, threads).text());
      }
      beside(lab, new Queries(cues, exact, points.clusters() > 0), out);
      System.gc();
      Runtime jvm = Runtime.getRuntime();
      out.printf(
          Locale.ROOT,
          " | %7.0f %8.0f %7.2f%n",
          lab.bytes() / 1e6,
          (jvm.totalMemory() - jvm.freeMemory()) / 1e6,
          lab.reopen(cues.getFirst()) / 1e9);
      out.flush();
    }
  }

  /// The same queries while points of other clusters come in: they are far from queries of a
  /// cluster, so what is nearest does not change. To queries of no cluster they are as near as any
  /// other, and nothing is said of their recall.
  private void beside(VectorLab lab, Queries asked, PrintWriter out) throws InterruptedException {
    Inserting inserting = new Inserting(lab, Points.clustered(dimension, 2), insertRate);
    Thread thread = Thread.ofPlatform().name("inserting").start(inserting);
    long begin = System.nanoTime();
    Answers answers;
    try {
      answers = ask(lab, asked.cues, asked.exact);
    } finally {
      inserting.stopped = true;
      thread.join();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    String text = asked.isClustered ? answers.text() : answers.textWithoutRecall();
    out.printf(Locale.ROOT, "         %s %6.0f %7d", text, inserting.count / seconds, lab.lag());
    lab.awaitAcknowledgements();
  }

  private static Answers ask(VectorLab lab, List<float[]> cues, Exact exact) {
    Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    for (float[] cue : cues.subList(0, Math.min(50, cues.size()))) {
      lab.nearest(cue); // warms up
    }
    long found = 0;
    long wanted = 0;
    for (int i = 0; i < cues.size(); i++) {
      long begin = System.nanoTime();
      List<Long> nearest = lab.nearest(cues.get(i));
      latency.recordValue(Math.min(System.nanoTime() - begin, TimeUnit.MINUTES.toNanos(1)));
      var truth = exact.nearest(i);
      wanted += truth.size();
      found += nearest.stream().filter(truth::contains).count();
    }
    return new Answers((double) found / wanted, latency);
  }

  /// What is asked, and what the answers are.
  private record Queries(List<float[]> cues, Exact exact, boolean isClustered) {}

  /// What a round of queries gave.
  private record Answers(double recall, Histogram latency) {
    String text() {
      return String.format(Locale.ROOT, "%9.4f", recall) + latencies();
    }

    String textWithoutRecall() {
      return "        -" + latencies();
    }

    private String latencies() {
      return String.format(
          Locale.ROOT,
          " %8.2f %8.2f %8.2f",
          latency.getValueAtPercentile(50) / 1e6,
          latency.getValueAtPercentile(99) / 1e6,
          latency.getValueAtPercentile(99.9) / 1e6);
    }
  }

  /// Inserts at a rate until it is stopped.
  private static final class Inserting implements Runnable {
    private final VectorLab lab;
    private final Points points;
    private final int rate;
    private volatile boolean stopped;
    private volatile long count;

    Inserting(VectorLab lab, Points points, int rate) {
      this.lab = lab;
      this.points = points;
      this.rate = rate;
    }

    @Override
    public void run() {
      List<float[]> stock = new ArrayList<>();
      for (int i = 0; i < 4_096; i++) {
        stock.add(points.point(i));
      }
      Pace pace = new Pace(System.nanoTime(), rate);
      try {
        for (long number = 1; !stopped; number++) {
          long wait = pace.dueAt(number) - System.nanoTime();
          if (wait > 0) {
            LockSupport.parkNanos(wait);
          }
          lab.remember(-number, stock.get((int) (number % stock.size())));
          count = number;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
