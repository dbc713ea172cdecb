package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.myelin.bench.peer.Peer;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/// `bench stream --peer`: beside Myelin if the peer is installed here, and clearly left out if not;
/// then no more is tested, but in continuous integration Redis must be there.
class PeerBenchIT {
  @ParameterizedTest
  @EnumSource(Peer.class)
  void putsThePeerBesideMyelinOrLeavesItOut(Peer peer) throws Exception {
    assertThat(peer.isInstalled() || peer == Peer.LANCEDB || !"true".equals(System.getenv("CI")))
        .as("%s is installed; scripts/install-test-tools does that", peer.label())
        .isTrue();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String options =
        "bench stream --transport binary --dimension 32 --rate 200 --connections 2 --warmup 500ms "
            + "--duration 1s --json --peer "
            + peer.label();

    int code = command.execute(options.split(" "));

    assertThat(code).as("%s%s", out, err).isZero();
    JsonNode all = new JsonMapper().readTree(out.toString());
    if (peer.isInstalled()) {
      JsonNode run = all.path("runs").path(1);
      assertThat(run.path("name").asText()).isEqualTo(peer.label());
      assertThat(run.path("accepted").asLong()).isEqualTo(300);
      assertThat(run.path("cpu_seconds").asDouble()).isNotNegative();
      assertThat(all.path("ratios").path(0).path("peer").asText()).isEqualTo(peer.label());
    } else {
      assertThat(all.path("runs")).hasSize(1);
      assertThat(all.path("ratios")).isEmpty();
      assertThat(err.toString()).contains(peer.label() + " is not installed");
      abort(peer.label() + " is not installed; scripts/install-peers does that");
    }
  }
}
