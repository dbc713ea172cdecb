package dev.myelin.bench.library;

import dev.myelin.bench.load.LoadFailure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Searches over REST, one after the other on one connection.
record Searches(LibraryApi api, String library, Passages passages) {
  private static final int K = 10;
  private static final int WARM_UP = 200;

  /// Ways to ask.
  enum Way {
    EMBEDDING,
    /// By an embedding, among the documents of five of thirty years.
    FILTERED,
    /// By words and meaning, where the model makes the question's embedding; by words where there
    /// is none.
    HYBRID
  }

  /// How long they took.
  record Figures(Way way, int count, double p50, double p99, double max) {
    String row() {
      return String.format(
          Locale.ROOT,
          "search %-10s %5d asked; p50 %.2f, p99 %.2f, max %.1f ms",
          way.name().toLowerCase(Locale.ROOT),
          count,
          p50,
          p99,
          max);
    }
  }

  List<Figures> all(int count) throws IOException, InterruptedException {
    return List.of(
        measure(Way.EMBEDDING, count), measure(Way.FILTERED, count), measure(Way.HYBRID, count));
  }

  private Figures measure(Way way, int count) throws IOException, InterruptedException {
    Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    for (int i = -WARM_UP; i < count; i++) {
      String body = body(way, i);
      long start = System.nanoTime();
      int found = api.post(path(way), body).path("total_results").asInt();
      long took = System.nanoTime() - start;
      if (found != K) {
        throw new LoadFailure(way + ": " + found + " results (expected: " + K + ")");
      }
      if (i >= 0) {
        latency.recordValue(Math.min(took, latency.getHighestTrackableValue()));
      }
    }
    return new Figures(
        way,
        count,
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getMaxValue() / 1e6);
  }

  private String path(Way way) {
    return "/v1/libraries/"
        + library
        + switch (way) {
          case EMBEDDING -> "/search/embedding";
          case FILTERED -> "/search/filtered";
          case HYBRID -> "/search/hybrid";
        };
  }

  private String body(Way way, int i) {
    return switch (way) {
      case EMBEDDING -> "{\"k\":10,\"embedding\":" + passages.embedding(-1_000 - i) + "}";
      case FILTERED ->
          "{\"k\":10,\"embedding\":"
              + passages.embedding(-1_000 - i)
              + ",\"metadata_filters\":[{\"field\":\"year\",\"operator\":\"gte\",\"value\":"
              + (1_990 + Math.floorMod(i, 20))
              + "},{\"field\":\"year\",\"operator\":\"lt\",\"value\":"
              + (1_995 + Math.floorMod(i, 20))
              + "}]}";
      case HYBRID -> "{\"k\":10,\"query\":\"" + passages.text(i + WARM_UP).substring(9, 60) + "\"}";
    };
  }
}
