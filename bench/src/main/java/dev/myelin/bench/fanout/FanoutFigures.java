package dev.myelin.bench.fanout;

import java.util.Locale;

/// What a fan-out took.
///
/// @param deliveries events that arrived, each listener counted
/// @param p50 milliseconds from when an event was due to its arrival
/// @param cpuSeconds of the server's process while they were delivered
/// @param eventBytes of the last event's text
public record FanoutFigures(
    String name,
    int listeners,
    double rate,
    long deliveries,
    double p50,
    double p99,
    double max,
    double cpuSeconds,
    int eventBytes) {
  public static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-12s %9s %8s %10s %7s %7s %7s %8s %10s %6s",
          "",
          "listeners",
          "events/s",
          "deliveries",
          "p50 ms",
          "p99",
          "max",
          "cpu s",
          "per cpu s",
          "bytes");

  /// Deliveries for a second of the server's processor time.
  public double perCpuSecond() {
    return cpuSeconds == 0 ? 0 : deliveries / cpuSeconds;
  }

  public String row() {
    return String.format(
        Locale.ROOT,
        "%-12s %9d %8.0f %10d %7.2f %7.2f %7.1f %8.2f %10.0f %6d",
        name,
        listeners,
        rate,
        deliveries,
        p50,
        p99,
        max,
        cpuSeconds,
        perCpuSecond(),
        eventBytes);
  }
}
