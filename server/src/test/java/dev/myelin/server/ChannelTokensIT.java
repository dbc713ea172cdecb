package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.live.token.TokenConfig;
import dev.myelin.server.LibraryApi.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Channels over HTTP with the tokens of users: what they may, and for how long.
@Timeout(180)
class ChannelTokensIT {
  private static final String CORE = "/v1/channels/team/core/events";
  private static final String NOTE = "{\"type\":\"team.activity\",\"payload\":{\"n\":1}}";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  private TestServer server;
  private LibraryApi api;

  @BeforeEach
  void start() throws Exception {
    Access access =
        new Access("correct-horse-battery-staple", List.of()).withTokens(GatewayClient.TOKENS);
    server = TestServer.open(folder, config -> config.withEdge(config.edge().withAccess(access)));
    api = new LibraryApi(server.port());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String token(String subject, String permission, Instant expires) {
    return GatewayClient.token(subject, "t1", expires, permission);
  }

  private static String[] as(String subject, String permission) {
    return bearer(token(subject, permission, Instant.now().plusSeconds(300)));
  }

  private static String[] bearer(String token) {
    return new String[] {"authorization", "Bearer " + token};
  }

  @Test
  void whoMayReadAChannelMayNotPublishThere() throws Exception {
    assertThat(api.post(CORE, NOTE, as("bob", "team:core:write")).status()).isEqualTo(201);
    String[] reader = as("ann", "team:core:read");

    Answer page = api.get(CORE, reader);
    assertThat(page.json().at("/events/0/payload/n").asInt()).isEqualTo(1);
    Answer refused = api.post(CORE, NOTE, reader);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("team:core:write");
    for (String other : List.of("team/other", "conversation/core", "user/bob")) {
      String path = "/v1/channels/" + other + "/events";
      assertThat(api.get(path, reader).status()).as(path).isEqualTo(404);
      assertThat(api.post(path, NOTE, reader).status()).as(path).isEqualTo(404);
    }
    assertThat(api.get(CORE, reader).json().get("last_offset").asInt()).isEqualTo(1);
  }

  @Test
  void aUserReadsWhatIsForThem() throws Exception {
    String own = "/v1/channels/user/ann/events";
    String[] service = as("jobs", "user:*:write");
    assertThat(api.post(own, NOTE, service).status()).isEqualTo(201);

    assertThat(api.get(own, as("ann", "team:core:read")).json().get("events")).hasSize(1);
    assertThat(api.get(own, as("bob", "team:core:read")).status()).isEqualTo(404);
    String[] elsewhere =
        bearer(GatewayClient.token("ann", "t2", Instant.now().plusSeconds(300), "team:core:read"));
    assertThat(api.get(own, elsewhere).json().get("events")).isEmpty();
  }

  /// What a stream said before it ended; an end in the middle of an answer is one, too.
  private static String rest(BufferedReader lines) {
    StringBuilder all = new StringBuilder();
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.append(line).append('\n');
      }
    } catch (IOException _) {
      // Cut off.
    }
    return all.toString();
  }

  private BufferedReader stream(String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(LibraryApi.uri(server.port(), CORE))
            .headers("authorization", "Bearer " + token, "accept", "text/event-stream")
            .build();
    HttpResponse<InputStream> answer = HTTP.send(request, BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    String line = "";
    while (line != null && !line.startsWith("data:")) {
      line = lines.readLine();
    }
    assertThat(line).contains("channel.subscribed");
    return lines;
  }

  @Test
  void aStreamEndsWithItsTokensTime() throws Exception {
    assertThat(api.get(CORE, as("ann", "team:core:read")).status()).isEqualTo(200);
    Instant end = Instant.now().plusSeconds(5).truncatedTo(ChronoUnit.SECONDS);
    String token = token("ann", "team:core:read", end.minus(TokenConfig.LEEWAY));
    try (BufferedReader lines = stream(token)) {
      assertThat(rest(lines)).doesNotContain("team.activity");
      assertThat(Instant.now()).isAfterOrEqualTo(end);
    }
  }

  @Test
  void aStreamEndsWhenItsTokenIsRevoked() throws Exception {
    String token = token("ann", "team:core:read", Instant.now().plusSeconds(300));
    try (BufferedReader lines = stream(token)) {
      assertThat(api.post("/v1/tokens/revoke", "{\"subject\":\"ann\"}", as("boss", "*")).status())
          .isEqualTo(200);
      assertThat(rest(lines)).doesNotContain("team.activity");
      assertThat(api.get(CORE, bearer(token)).status()).isEqualTo(401);
    }
  }
}
