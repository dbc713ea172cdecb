package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `bench stream` against a server process of its own; the loads are small.
class StreamBenchIT {
  @ParameterizedTest
  @ValueSource(strings = {"json", "binary", "grpc"})
  void verifiesEveryVerdictAndRecallsASample(String transport) throws Exception {
    JsonNode run =
        bench("--transport", transport, "--rate", "200", "--connections", "2", "--recalls", "10");

    assertThat(run.path("name").asText()).isEqualTo(transport);
    assertThat(run.path("accepted").asLong()).isEqualTo(300);
    assertThat(run.path("rejected")).isEmpty();
    assertThat(run.path("sampled").asInt()).isEqualTo(100);
    assertThat(run.path("missed").asInt()).isZero();
    assertThat(run.path("recalls").path("count").asInt()).isPositive();
    assertThat(run.path("recalls").path("misses").asInt()).isZero();
    assertThat(run.path("server").path("batch_size").asDouble()).isGreaterThanOrEqualTo(1);
  }

  @Test
  void goesAsFastAsTheWindowAllows() throws Exception {
    JsonNode run = bench("--transport", "binary", "--closed", "--window", "50");

    assertThat(run.path("accepted").asLong()).isGreaterThan(50);
    assertThat(run.path("missed").asInt()).isZero();
  }

  /// Runs for a second after half a second of warm-up.
  private static JsonNode bench(String... options) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] common = {"bench", "stream", "--dimension", "32", "--duration", "1s", "--json"};
    String[] all = new String[common.length + 2 + options.length];
    System.arraycopy(common, 0, all, 0, common.length);
    all[common.length] = "--warmup";
    all[common.length + 1] = "500ms";
    System.arraycopy(options, 0, all, common.length + 2, options.length);

    int code = command.execute(all);

    assertThat(code).as("%s%s", out, err).isZero();
    return new JsonMapper().readTree(out.toString()).path("runs").path(0);
  }
}
