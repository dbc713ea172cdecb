package dev.myelin.edge.rest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds who answers a request. Immutable.
public final class Router {
  private final List<Route> routes;

  public Router(List<Route> routes) {
    this.routes =
        routes.stream()
            .sorted(Comparator.comparingLong(route -> -route.path().fixedSegments()))
            .toList();
  }

  /// What a method and a path lead to.
  public sealed interface Found {}

  /// A route and what varies in its path.
  public record Match(Route route, Map<String, String> values) implements Found {
    public Match {
      values = Map.copyOf(values);
    }
  }

  /// The path is known, the method is not.
  ///
  /// @param allowed the value of the header `Allow`
  public record OtherMethods(String allowed) implements Found {}

  /// Nobody answers that path.
  public record Nothing() implements Found {}

  public List<Route> routes() {
    return routes;
  }

  /// Looks for a route; HEAD is answered by GET.
  public Found find(String method, String rawPath) {
    List<String> path = segments(rawPath);
    if (path == null) {
      return new Nothing();
    }
    String wanted = method.equals("HEAD") ? "GET" : method;
    Set<String> others = new TreeSet<>();
    for (Route route : routes) {
      Map<String, String> values = route.path().match(path);
      if (values != null && route.method().equals(wanted)) {
        return new Match(route, values);
      }
      if (values != null) {
        others.add(route.method());
      }
    }
    return others.isEmpty() ? new Nothing() : new OtherMethods(allowed(others));
  }

  private static String allowed(Set<String> methods) {
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    return String.join(", ", methods);
  }

  /// The methods of a path, for OPTIONS; null if nobody answers it.
  @Nullable String allowed(String rawPath) {
    return find("OPTIONS", rawPath) instanceof OtherMethods others ? others.allowed() : null;
  }

  /// Decodes each segment by itself, so that an encoded slash stays inside; null if it cannot be.
  private static @Nullable List<String> segments(String rawPath) {
    if (!rawPath.startsWith("/")) {
      return null;
    }
    List<String> segments = new ArrayList<>();
    for (String raw : rawPath.substring(1).split("/", -1)) {
      String segment = decode(raw);
      if (segment == null) {
        return null;
      }
      segments.add(segment);
    }
    return segments;
  }

  private static @Nullable String decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    byte[] in = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out.put(in[i]);
      } else if (i + 2 < in.length
          && HexFormat.isHexDigit(in[i + 1])
          && HexFormat.isHexDigit(in[i + 2])) {
        out.put(
            (byte) (HexFormat.fromHexDigit(in[i + 1]) * 16 + HexFormat.fromHexDigit(in[i + 2])));
        i += 2;
      } else {
        return null;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }
}
