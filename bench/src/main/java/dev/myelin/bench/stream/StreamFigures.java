package dev.myelin.bench.stream;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.bench.load.LoadResult;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What one run gave.
///
/// @param name the transport, or the peer
/// @param wantedPerSecond 0 in closed loop
/// @param cpuSeconds processor time of the whole run with its warm-up
/// @param server what the server told of itself, null for a peer that does not
/// @param recalls how recalls beside the load went, null if there were none
/// @param sampled observations recalled after the run
/// @param missed those of them that were not found
record StreamFigures(
    String name,
    double wantedPerSecond,
    LoadResult load,
    double cpuSeconds,
    @Nullable ServerSide server,
    @Nullable Recalls recalls,
    int sampled,
    long missed) {

  /// The server's own view; times in milliseconds.
  ///
  /// @param ackP50 received to acknowledgement written, bound of the bucket
  /// @param batchSize transactions per commit, on average
  /// @param syncMillis to write and sync one, on average
  record ServerSide(double ackP50, double ackP99, double batchSize, double syncMillis) {}

  /// Recalls beside the load; times in milliseconds.
  record Recalls(long count, long misses, double p50, double p99, double max) {}

  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-9s %8s %9s %10s %8s %7s %7s %7s %7s %7s %6s %8s %9s %9s %6s %7s %s",
          "",
          "wanted/s",
          "got/s",
          "accepted",
          "rejected",
          "p50 ms",
          "p90",
          "p99",
          "p99.9",
          "max",
          "cpu s",
          "cpu us/o",
          "srv p50<=",
          "srv p99<=",
          "batch",
          "sync ms",
          "recalled after");

  /// Processor time per accepted observation in microseconds, those of the warm-up counted too.
  double cpuMicrosEach() {
    return cpuSeconds * 1e6 / Math.max(1, load.accepted());
  }

  String row() {
    String wanted =
        wantedPerSecond > 0 ? String.format(Locale.ROOT, "%.0f", wantedPerSecond) : "max";
    String row =
        String.format(
            Locale.ROOT,
            "%-9s %8s %9.0f %10d %8d %7.2f %7.2f %7.2f %7.2f %7.1f %6.1f %8.1f",
            name,
            wanted,
            load.achievedPerSecond(),
            load.accepted(),
            load.rejected(),
            load.millis(50),
            load.millis(90),
            load.millis(99),
            load.millis(99.9),
            load.latency().getMaxValue() / 1e6,
            cpuSeconds,
            cpuMicrosEach());
    if (server != null) {
      row +=
          String.format(
              Locale.ROOT,
              " %9.2f %9.2f %6.1f %7.2f %d of %d",
              server.ackP50,
              server.ackP99,
              server.batchSize,
              server.syncMillis,
              sampled - missed,
              sampled);
    }
    return row;
  }

  ObjectNode json(JsonMapper mapper) {
    ObjectNode json = mapper.createObjectNode();
    json.put("name", name).put("wanted_per_second", wantedPerSecond);
    json.put("achieved_per_second", load.achievedPerSecond());
    json.put("accepted", load.accepted());
    ObjectNode rejected = json.putObject("rejected");
    load.rejections().forEach(rejected::put);
    json.put("cpu_seconds", cpuSeconds).put("cpu_us_each", cpuMicrosEach());
    ObjectNode latency = json.putObject("latency_ms");
    latency.put("p50", load.millis(50)).put("p90", load.millis(90)).put("p99", load.millis(99));
    latency.put("p999", load.millis(99.9)).put("max", load.latency().getMaxValue() / 1e6);
    if (server != null) {
      ObjectNode own = json.putObject("server");
      own.put("ack_p50_ms", server.ackP50).put("ack_p99_ms", server.ackP99);
      own.put("batch_size", server.batchSize).put("sync_ms", server.syncMillis);
      json.put("sampled", sampled).put("missed", missed);
    }
    if (recalls != null) {
      ObjectNode beside = json.putObject("recalls");
      beside.put("count", recalls.count).put("misses", recalls.misses);
      beside.put("p50_ms", recalls.p50).put("p99_ms", recalls.p99).put("max_ms", recalls.max);
    }
    return json;
  }
}
