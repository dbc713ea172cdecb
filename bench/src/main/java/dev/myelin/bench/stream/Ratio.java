package dev.myelin.bench.stream;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/// Myelin's figures divided by those of a peer in the same run: of what is accepted more is better,
/// of the others less.
///
/// @param cpu processor time per observation
record Ratio(String name, String peer, double accepted, double p50, double p99, double cpu) {
  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-20s %10s %7s %7s %9s",
          "Myelin / peer",
          "accepted/s",
          "p50",
          "p99",
          "cpu us/o");

  static Ratio of(StreamFigures own, StreamFigures peer) {
    return new Ratio(
        own.name(),
        peer.name(),
        own.load().achievedPerSecond() / peer.load().achievedPerSecond(),
        own.load().millis(50) / peer.load().millis(50),
        own.load().millis(99) / peer.load().millis(99),
        own.cpuMicrosEach() / peer.cpuMicrosEach());
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "%-20s %10.2f %7.2f %7.2f %9.2f",
        name + " / " + peer,
        accepted,
        p50,
        p99,
        cpu);
  }

  ObjectNode json(JsonMapper mapper) {
    ObjectNode json = mapper.createObjectNode().put("name", name).put("peer", peer);
    json.put("accepted_per_second", accepted).put("p50", p50).put("p99", p99);
    return json.put("cpu_per_observation", cpu);
  }
}
