package dev.myelin.edge.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What there is to call, for programs (`/openapi.json`, `/asyncapi.json`, and as YAML) and for
/// people (`/docs`). All of it is on the class path; nothing is fetched from elsewhere.
public final class ApiDocuments {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";
  private static final String VIEWER = "/META-INF/resources/webjars/swagger-ui/5.31.0/";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  /// What is served, by path.
  private static final Map<String, Source> SOURCES =
      Map.ofEntries(
          Map.entry("/openapi.json", new Source("/api/openapi.yaml", JSON)),
          Map.entry("/asyncapi.json", new Source("/api/asyncapi.yaml", JSON)),
          Map.entry("/openapi.yaml", new Source("/api/openapi.yaml", YAML)),
          Map.entry("/asyncapi.yaml", new Source("/api/asyncapi.yaml", YAML)),
          Map.entry("/docs", new Source("/api/docs.html", HTML)),
          Map.entry("/docs/", new Source("/api/docs.html", HTML)),
          Map.entry("/docs/docs.js", new Source("/api/docs.js", SCRIPT)),
          Map.entry("/docs/docs.css", new Source("/api/docs.css", STYLE)),
          Map.entry("/docs/live", new Source("/api/live.html", HTML)),
          Map.entry("/docs/live.js", new Source("/api/live.js", SCRIPT)),
          Map.entry("/docs/swagger-ui.css", new Source(VIEWER + "swagger-ui.css", STYLE)),
          Map.entry(
              "/docs/swagger-ui-bundle.js", new Source(VIEWER + "swagger-ui-bundle.js", SCRIPT)));

  private final Map<String, Buffer> kept = new ConcurrentHashMap<>();

  private record Source(String resource, String type) {
    boolean isConverted() {
      return type.equals(JSON);
    }
  }

  /// Whether a path is one of these.
  public static boolean matches(String path) {
    return SOURCES.containsKey(path);
  }

  /// Answers GET and HEAD of one of these paths.
  public void handle(HttpServerRequest request, String path) {
    Source source = SOURCES.get(path);
    if (source == null) {
      throw new IllegalArgumentException("path: " + path + " (expected: one that matches)");
    }
    Buffer content = kept.computeIfAbsent(path, _ -> read(source));
    HttpServerResponse response =
        request
            .response()
            .putHeader("content-type", source.type())
            .putHeader("cache-control", "no-cache")
            .putHeader("content-security-policy", POLICY)
            .putHeader("referrer-policy", "no-referrer")
            .putHeader("x-content-type-options", "nosniff");
    if (request.method().name().equals("HEAD")) {
      response.putHeader("content-length", Integer.toString(content.length())).end();
    } else {
      response.end(content);
    }
  }

  private static Buffer read(Source source) {
    try (InputStream stream = ApiDocuments.class.getResourceAsStream(source.resource())) {
      if (stream == null) {
        throw new IllegalStateException(source.resource() + " is not on the class path");
      }
      byte[] bytes = stream.readAllBytes();
      return Buffer.buffer(source.isConverted() ? json(bytes) : bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + source.resource(), e);
    }
  }

  private static byte[] json(byte[] yaml) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonParser from = new YAMLFactory().createParser(yaml);
        JsonGenerator to = new JsonFactory().createGenerator(bytes)) {
      while (from.nextToken() != null) {
        to.copyCurrentEvent(from);
      }
    }
    return bytes.toByteArray();
  }

  /// One of the documents as JSON, for those who check it.
  public static @Nullable String document(String path) {
    Source source = SOURCES.get(path);
    return source == null ? null : read(source).toString();
  }
}
