package dev.myelin.edge.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The page at `/` and what it needs, from the class path, kept in memory once asked for.
public final class StaticFiles {
  private static final String ROOT = "/web";
  private static final Pattern PATH = Pattern.compile("(/[a-z0-9][a-z0-9_-]*(\\.[a-z0-9_-]+)*)+");
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "map", "application/json",
          "json", "application/json",
          "svg", "image/svg+xml",
          "ico", "image/x-icon",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8");

  private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

  /// A file and the tag that names its content.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record StaticFile(byte[] content, String tag) {}

  /// Answers with the file of a path; returns false if there is none.
  public boolean handle(HttpServerRequest request) {
    String path = "/".equals(request.path()) ? "/index.html" : request.path();
    String type = path == null ? null : TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (path == null || type == null || !PATH.matcher(path).matches()) {
      return false;
    }
    Optional<StaticFile> file = file(path);
    file.ifPresent(found -> answer(request, type, found));
    return file.isPresent();
  }

  private static void answer(HttpServerRequest request, String type, StaticFile file) {
    HttpServerResponse response =
        request
            .response()
            .putHeader("cache-control", "no-cache")
            .putHeader("etag", file.tag())
            .putHeader("content-security-policy", POLICY)
            .putHeader("referrer-policy", "no-referrer")
            .putHeader("x-content-type-options", "nosniff");
    if (isKnown(request.getHeader("if-none-match"), file.tag())) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("content-type", type);
    if (HttpMethod.HEAD.equals(request.method())) {
      response.putHeader("content-length", Integer.toString(file.content().length)).end();
    } else {
      response.end(Buffer.buffer(file.content()));
    }
  }

  /// Whether a browser that kept files with these tags has this one (RFC 9110, section 13.1.2).
  private static boolean isKnown(@Nullable String kept, String tag) {
    return kept != null && (kept.strip().equals("*") || kept.contains(tag));
  }

  /// Only what is there is kept, so strange paths cost no memory.
  private Optional<StaticFile> file(String path) {
    StaticFile known = files.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    try (InputStream stream = StaticFiles.class.getResourceAsStream(ROOT + path)) {
      if (stream == null) {
        return Optional.empty();
      }
      byte[] bytes = stream.readAllBytes();
      StaticFile file = new StaticFile(bytes, tagOf(bytes));
      files.put(path, file);
      return Optional.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + " from the class path", e);
    }
  }

  private static String tagOf(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
