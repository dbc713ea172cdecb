package dev.myelin.live.token;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Where the keys of an issuer are published.
sealed interface JwksSource {
  /// More is no set of keys.
  int MAX_BYTES = 1 << 20;

  /// The document as it is now. Blocks, for a few seconds at most.
  ///
  /// @throws IOException if it cannot be had; the text is for the log
  String read() throws IOException, InterruptedException;

  /// How long what was read is good enough.
  Duration pace();

  /// How soon a key that is not known may be looked for again.
  Duration hurry();

  static JwksSource of(String place) {
    return TokenConfig.isUrl(place)
        ? new Url(URI.create(place), HttpClient.newBuilder().connectTimeout(Url.PATIENCE).build())
        : new Local(Path.of(place));
  }

  private static String text(byte[] bytes) throws IOException {
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it has more than " + MAX_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// A file of this machine; small and near, so it is read again all the time.
  record Local(Path file) implements JwksSource {
    @Override
    public String read() throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return text(in.readNBytes(MAX_BYTES + 1));
      }
    }

    @Override
    public Duration pace() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration hurry() {
      return Duration.ofMillis(250);
    }
  }

  /// A page of the issuer. Redirects are not followed.
  record Url(URI address, HttpClient client) implements JwksSource {
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK = 200;

    @Override
    public String read() throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .header("accept", "application/jwk-set+json, application/json")
              .timeout(PATIENCE)
              .build();
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != OK) {
          throw new IOException("it answers " + answer.statusCode());
        }
        return text(body.readNBytes(MAX_BYTES + 1));
      }
    }

    @Override
    public Duration pace() {
      return Duration.ofMinutes(5);
    }

    @Override
    public Duration hurry() {
      return Duration.ofSeconds(10);
    }
  }
}
