package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// `bench micro`, as short as it can be.
class MicroBenchIT {
  @Test
  void measuresWhatTheFilterNames() {
    StringWriter out = new StringWriter();
    CommandLine command = Main.commandLine().setOut(new PrintWriter(out));

    int code =
        command.execute(
            "bench", "micro", "--filter", "ParserBenchmark", "--iterations", "1", "--millis", "50");

    assertThat(code).isZero();
    assertThat(out.toString().lines())
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains("ParserBenchmark.floatArrayParser", "us/op"),
            line -> assertThat(line).contains("ParserBenchmark.jacksonStreaming", "us/op"));
  }
}
