package dev.myelin.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.edge.EdgeOptions;
import dev.myelin.journal.rocks.JournalConfig.SyncMode;
import dev.myelin.live.token.TokenConfig;
import dev.myelin.memory.embedding.EmbeddingConfig;
import dev.myelin.server.config.LoadedConfig.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadedConfigTest {
  @TempDir private Path folder;

  @Test
  void hasDefaultsForEverything() {
    LoadedConfig loaded = LoadedConfig.load(null, Map.of(), Map.of());

    assertThat(loaded.config()).isEqualTo(ServerConfig.DEFAULT);
    assertThat(loaded.settings()).allMatch(setting -> setting.origin().equals("default"));
    assertThat(loaded.settings().size()).isGreaterThan(50);
  }

  @Test
  void letsTheLaterSourceWin() throws IOException {
    Path file = file("server:\n  port: 1\n  host: localhost\n  max-connections: 11\n");
    LoadedConfig loaded =
        LoadedConfig.load(
            file,
            Map.of("MYELIN_SERVER_PORT", "2", "MYELIN_SERVER_MAX_CONNECTIONS", "12"),
            Map.of("server.port", new Option("--port", "3")));

    assertThat(loaded.config().edge().port()).isEqualTo(3);
    assertThat(loaded.config().edge().maxConnections()).isEqualTo(12);
    assertThat(loaded.config().edge().host()).isEqualTo("localhost");
    assertThat(loaded.settings())
        .contains(
            new Setting("server.port", "3", "command line --port"),
            new Setting(
                "server.max-connections", "12", "environment MYELIN_SERVER_MAX_CONNECTIONS"),
            new Setting("server.host", "localhost", file + ", line 3"));
  }

  @Test
  void readsEveryKindOfValue() throws IOException {
    ServerConfig config =
        load("""
        server.data: /tmp/somewhere
        server:
          insecure: yes
          allowed-origins: [ "https://a.example", "http://b.example:81" ]
          shutdown-timeout: 2m
        socket:
          max-message-bytes: 8 MiB
          heartbeat: 1500ms
          compression: true
        stream:
          pressure: { active-below: 0.5 }
          idle-timeout: PT1H
        journal:
          sync: unsafe
          lanes: { high: { capacity: 5_000 } }
        embedding:
          provider: none
        """)
            .config();

    assertThat(config.data()).isEqualTo(Path.of("/tmp/somewhere"));
    assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.edge().insecure()).isTrue();
    assertThat(config.edge().access().allowedOrigins())
        .containsExactly("https://a.example", "http://b.example:81");
    assertThat(config.edge().sockets().maxMessageBytes()).isEqualTo(8 << 20);
    assertThat(config.edge().sockets().heartbeat()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(config.edge().sockets().compression()).isTrue();
    assertThat(config.stream().pressure().activeBelow()).isEqualTo(0.5f);
    assertThat(config.stream().idleTimeout()).isEqualTo(Duration.ofHours(1));
    assertThat(config.journal().sync()).isEqualTo(SyncMode.UNSAFE);
    assertThat(config.journal().high().capacity()).isEqualTo(5_000);
    assertThat(config.embedding().provider()).isEqualTo(EmbeddingConfig.Provider.NONE);
  }

  @Test
  void takesAnEmptyFile() throws IOException {
    assertThat(load("# nothing yet\n").config()).isEqualTo(ServerConfig.DEFAULT);
  }

  @Test
  void hidesSecretsButSaysWhereTheyComeFrom() {
    String secret = "a-secret-of-some-length";
    LoadedConfig loaded =
        LoadedConfig.load(
            null, Map.of("MYELIN_API_KEY", secret, "MYELIN_EMBEDDING_API_KEY", secret), Map.of());

    assertThat(loaded.config().edge().access().apiKey()).isEqualTo(secret);
    assertThat(loaded.settings())
        .contains(
            new Setting("auth.api-key", "(hidden)", "environment MYELIN_API_KEY"),
            new Setting("embedding.api-key", "(hidden)", "environment MYELIN_EMBEDDING_API_KEY"));
    assertThat(loaded.toString()).doesNotContain(secret);
  }

  @Test
  void readsWhoseTokensAreTakenAndHidesTheSecret() {
    String secret = "0123456789abcdef0123456789abcdef";
    LoadedConfig loaded =
        LoadedConfig.load(
            null,
            Map.of(
                "MYELIN_AUTH_JWT_SECRET", secret,
                "MYELIN_AUTH_JWT_JWKS", "keys.json",
                "MYELIN_AUTH_JWT_ISSUER", "https://issuer",
                "MYELIN_AUTH_JWT_AUDIENCE", "myelin",
                "MYELIN_AUTH_QUERY_TOKEN", "off",
                "MYELIN_SERVER_HOST", "0.0.0.0"),
            Map.of());

    EdgeOptions.Access access = loaded.config().edge().access();
    assertThat(access.tokens())
        .isEqualTo(new TokenConfig(secret, "keys.json", "https://issuer", "myelin"));
    assertThat(access.queryToken()).isFalse();
    assertThat(loaded.toString()).doesNotContain(secret);
    assertThat(loaded.settings())
        .contains(new Setting("auth.jwt.secret", "(hidden)", "environment MYELIN_AUTH_JWT_SECRET"));
    assertThatThrownBy(
            () -> LoadedConfig.load(null, Map.of("MYELIN_AUTH_JWT_SECRET", "too short"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("auth.jwt.secret: 9 bytes")
        .hasMessageNotContaining("too short");
  }

  @Test
  void leavesVariablesOfOthersAlone() {
    assertThat(
            LoadedConfig.load(null, Map.of("MYELIN_JAVA_OPTS", "-Xmx1g", "HOME", "/"), Map.of())
                .config())
        .isEqualTo(ServerConfig.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          server.prot: 1                     | server.prot: there is no such key | Did you mean server.port?
          sever: { port: 1 }                 | sever.port: there is no such key  | Did you mean server.port?
          server.port: many                  | server.port: "many" (expected: a whole number) | line 1
          server.port: 70000                 | port: 70000 (expected: 0 to 65535) |
          server.port: 99999999999           | server.port: "99999999999" (expected: a whole number) |
          server.insecure: maybe             | (expected: true or false) |
          server.keep-alive: soon            | (expected: a time such as 30s or 100ms) |
          server.keep-alive: 0s              | keepAlive: PT0S (expected: more than 0) |
          socket.max-message-bytes: big      | (expected: a size below 2 GiB, such as 4 MiB) |
          socket.max-message-bytes: 3 GiB    | (expected: a size below 2 GiB, such as 4 MiB) |
          socket.silence-timeout: 1s         | silenceTimeout: PT1S (expected: more than heartbeat PT30S) |
          embedding.provider: cloud          | (expected: in-process, openai, none) |
          server.host: 0.0.0.0               | an API key in MYELIN_API_KEY |
          auth.api-key: short                | expected: 16 to 512 |
          tls.key: /a/b                      | only one of certificate and key is set |
          server.allowed-origins: nonsense   | allowed-origins: nonsense (expected: scheme, host and port |
          [1, 2]                             | has no keys |
          server: [[1]]                      | has a list in a list |
          server.port                        | has no keys |
          "a                                 | is not valid YAML | line 1
          """)
  void saysWhatIsWrong(String yaml, String expected, String more) {
    assertThatThrownBy(() -> load(yaml))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> assertThat(e.text()).contains(expected, more == null ? "" : more));
  }

  @Test
  void namesAMisspelledVariable() {
    assertThatThrownBy(() -> LoadedConfig.load(null, Map.of("MYELIN_SERVER_PROT", "1"), Map.of()))
        .hasMessageContaining("MYELIN_SERVER_PROT: there is no such key")
        .hasMessageContaining("Did you mean MYELIN_SERVER_PORT?");
  }

  @Test
  void saysThatAFileIsNotThere() {
    Path absent = folder.resolve("absent.yaml");

    assertThatThrownBy(() -> LoadedConfig.load(absent, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("absent.yaml: cannot be read");
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    assertThatThrownBy(() -> load("server.port: 1\nserver: { port: 2 }\n"))
        .hasMessageContaining("server.port: is there twice");
  }

  @Test
  void findsTheNearestText() {
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.to("prot", List.of("host", "port", "data"))).isEqualTo("port");
  }

  private LoadedConfig load(String yaml) throws IOException {
    return LoadedConfig.load(file(yaml), Map.of(), Map.of());
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("myelin.yaml"), yaml);
  }
}
