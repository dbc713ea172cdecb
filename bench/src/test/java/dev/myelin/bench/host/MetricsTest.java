package dev.myelin.bench.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics before =
      Metrics.parse(
          """
          # HELP wait_seconds a histogram
          wait_seconds_bucket{le="0.001"} 10
          wait_seconds_bucket{le="0.01"} 10
          wait_seconds_bucket{le="+Inf"} 10
          wait_seconds_count 10
          wait_seconds_sum 0.005
          process_cpu_time_ns_total 1.0E9
          """);
  private final Metrics after =
      Metrics.parse(
          """
          wait_seconds_bucket{le="0.001"} 60
          wait_seconds_bucket{le="0.01"} 109
          wait_seconds_bucket{le="+Inf"} 110
          wait_seconds_count 110
          wait_seconds_sum 0.205
          process_cpu_time_ns_total 3.5E9
          lanes{lane="high"} 1
          lanes{lane="low"} 2
          """);

  @Test
  void tellsPercentilesOfWhatCameBetweenTwoMoments() {
    assertThat(after.percentileSince(before, "wait_seconds", 50)).isEqualTo(0.001);
    assertThat(after.percentileSince(before, "wait_seconds", 99)).isEqualTo(0.01);
    assertThat(after.percentileSince(before, "wait_seconds", 100)).isInfinite();
    assertThat(after.percentileSince(after, "wait_seconds", 50)).isZero();
  }

  @Test
  void tellsMeansSumsAndProcessorTime() {
    assertThat(after.meanSince(before, "wait_seconds")).isEqualTo(0.002);
    assertThat(after.meanSince(after, "wait_seconds")).isZero();
    assertThat(after.sum("lanes")).isEqualTo(3);
    assertThat(after.cpuSeconds() - before.cpuSeconds()).isEqualTo(2.5);
  }
}
