package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.memory.embedding.EmbeddingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What docs/operations.md says, held against a server that runs.
@Timeout(240)
class OperationsPageIT {
  private static final Pattern NAME = Pattern.compile("`([a-z][a-z0-9_]*_)(\\*|[a-z0-9]+)`");

  @TempDir private Path folder;

  @Test
  void namesOnlyMetricsThatThereAre() throws Exception {
    List<MatchResult> names = names();
    assertThat(names).hasSizeGreaterThan(10);
    String served;
    try (TestServer server =
        TestServer.open(folder, config -> config.withEmbedding(EmbeddingConfig.DEFAULT))) {
      use(server);
      served = server.get("/metrics").body();
    }

    assertThat(names)
        .allSatisfy(name -> {
          String rest = name.group(2).equals("*") ? "" : name.group(2) + "(_count)?[ {]";
          assertThat(served).containsPattern("(?m)^" + name.group(1) + rest);
        });
  }

  /// Some metrics are there from the first use on.
  private static void use(TestServer server) throws Exception {
    String session;
    try (StreamClient client = server.session("some-space")) {
      session = client.session();
      client.send(client.observation(1, "first"));
      client.next("ack");
      client.send("{\"type\":\"recall\",\"cue\":{\"text\":\"first\"}}");
      client.next("recall_result");
    }
    try (StreamClient client = server.stream()) {
      client.resume("some-space", session);
    }
    try (GatewayClient client = new GatewayClient(server.port(), "/ws?session_id=long-gone")) {
      client.next("welcome");
      client.command("no.such", GatewayClient.object());
      client.next("error");
    }
  }

  private static List<MatchResult> names() throws IOException {
    String page = Files.readString(page());
    int begin = page.indexOf("## Metrics");
    String table = page.substring(begin, page.indexOf("\nWorth an alarm", begin));
    return table
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|", 3)[1])
        .flatMap(cell -> NAME.matcher(cell).results())
        .toList();
  }

  private static Path page() {
    Path here = Path.of("").toAbsolutePath();
    Path inModule = here.resolve("../docs/operations.md").normalize();
    return Files.exists(inModule) ? inModule : here.resolve("docs/operations.md");
  }
}
