package dev.myelin.bench.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// What several threads got that asked the same queries at once, each all of them.
///
/// @param perSecond answers to all threads together
/// @param latency nanoseconds of one answer
record AskedAtOnce(double perSecond, Histogram latency) {
  static final String HEAD = "  at once: /s   p50 ms   p99 ms |";
  private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(1);

  /// Asks.
  ///
  /// @param threads how many; each begins at another query
  static AskedAtOnce of(VectorLab lab, List<float[]> cues, int threads)
      throws InterruptedException {
    Histogram all = new Histogram(MAX_NANOS, 3);
    List<Future<Histogram>> asking = new ArrayList<>();
    long begin = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int thread = 0; thread < threads; thread++) {
        int first = (int) ((long) thread * cues.size() / threads);
        asking.add(executor.submit(() -> ask(lab, cues, first)));
      }
      for (Future<Histogram> one : asking) {
        all.add(one.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A recall failed", e);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new AskedAtOnce(all.getTotalCount() / seconds, all);
  }

  private static Histogram ask(VectorLab lab, List<float[]> cues, int first) {
    Histogram latency = new Histogram(MAX_NANOS, 3);
    for (int i = 0; i < cues.size(); i++) {
      long begin = System.nanoTime();
      lab.nearest(cues.get((first + i) % cues.size()));
      latency.recordValue(Math.min(System.nanoTime() - begin, MAX_NANOS));
    }
    return latency;
  }

  String text() {
    return String.format(
        Locale.ROOT,
        " %11.0f %8.2f %8.2f |",
        perSecond,
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6);
  }
}
