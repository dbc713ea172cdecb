package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.rest.RestOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What nobody should send over HTTP.
class LibraryHostileIT {
  private static final int MOST = 64 * 1024;

  @TempDir private Path folder;

  private TestServer server;
  private LibraryApi api;
  private String path;

  @BeforeEach
  void start() throws Exception {
    RestOptions usual = RestOptions.DEFAULT;
    RestOptions small =
        new RestOptions(
            MOST,
            8L * MOST,
            usual.maxRequests(),
            usual.maxStreams(),
            Duration.ofSeconds(5),
            usual.writeTimeout(),
            usual.commentInterval(),
            usual.maxIdempotencyKeys());
    server = TestServer.open(folder, config -> config.withEdge(config.edge().withRest(small)));
    api = new LibraryApi(server.port());
    path = "/v1/libraries/" + api.library("Papers");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          not json                        | 400 |
          []                              | 400 |
          {"text":"a","text":"b"}         | 400 |
          {"text":NaN}                    | 400 |
          {"text":"\\ud800"}              | 400 |
          {"text":"a"} {}                 | 400 |
          {}                              | 422 | texts
          {"text":" "}                    | 422 | text
          {"texts":["a",""]}              | 422 | texts[1]
          {"texts":["a",7]}               | 422 | texts[1]
          {"text":"a","texts":["b"]}      | 422 | text
          {"text":"a","tags":"b"}         | 422 | tags
          {"text":"a","metadata":[]}      | 422 | metadata
          {"text":"a","title":""}         | 422 | title
          {"chunks":[{"text":"a","embedding":[0,0]}]} | 422 | chunks[0].embedding
          """)
  void saysWhatIsWrong(String body, int status, String field) throws Exception {
    LibraryApi.Answer answer = api.post(path + "/documents", body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().path("field").asText(null)).isEqualTo(field);
  }

  @Test
  void refusesWhatIsNotUtf8() throws Exception {
    byte[] latin = "{\"text\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(api.send("POST", path + "/documents", BodyPublishers.ofByteArray(latin)).status())
        .isEqualTo(400);
  }

  @Test
  void refusesBodiesThatAreTooLong() throws Exception {
    byte[] big = ("{\"text\":\"" + "a".repeat(2 * MOST) + "\"}").getBytes(StandardCharsets.UTF_8);

    assertThat(api.send("POST", path + "/documents", BodyPublishers.ofByteArray(big)).status())
        .isEqualTo(413);
    assertThat(
            api.send(
                    "POST",
                    path + "/documents",
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(big)))
                .status())
        .isEqualTo(413);
    assertThat(api.get(path).status()).isEqualTo(200);
  }

  @Test
  void refusesBodiesThatGrowWhenInflated() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(("{\"text\":\"" + "a".repeat(100 * MOST)).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(packed.size()).isLessThan(MOST);

    assertThat(
            api.send(
                    "POST",
                    path + "/documents",
                    BodyPublishers.ofByteArray(packed.toByteArray()),
                    "Content-Encoding",
                    "gzip")
                .status())
        .isEqualTo(413);
  }

  @Test
  void doesNotWaitForBodiesForEver() throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send(
          "POST "
              + path
              + "/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"te");
      assertThat(socket.head()).startsWith("HTTP/1.1 408 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/libraries/..%2f..%2fetc",
        "/v1/libraries/NO",
        "/v1/libraries/%00%00%00",
        "/v1/libraries/default%2Fother",
        "/v1/libraries/aaa/documents/..%2F..%2Fx",
        "/v1/documents/%2e%2e",
        "/v1/documents/%ff",
        "/v1/libraries/aaa/documents/a%00b",
        "/v1/jobs/..%2f..%2fjournal",
        "/v1/jobs/..%2f..%2fjournal/result",
        "/v1/jobs/%2e%2e/result",
        "/v1/webhooks/..%2f..%2fx",
        "/v1/webhooks/%2e%2e/deliveries"
      })
  void findsNothingBehindTrickyPaths(String tricky) throws Exception {
    assertThat(server.get(tricky).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "limit="})
  void boundsPages(String query) throws Exception {
    assertThat(api.get("/v1/libraries?" + query).json().get("field").asText()).isEqualTo("limit");
  }
}
