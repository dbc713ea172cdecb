package dev.myelin.client.http;

import dev.myelin.client.wire.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lists whose next page is told by a `Link` header (RFC 8288).
public final class Cursors {
  private static final Pattern NEXT =
      Pattern.compile("<[^>]*[?&]cursor=([^&>]*)[^>]*>\\s*;\\s*rel=\"?next\"?");
  private static final int PAGE = 100;

  private Cursors() {}

  /// The list behind a path, a hundred items a page.
  public static <T> Paged<T> list(Http http, Call list, Function<JsonObject, T> form) {
    return new Paged<>(cursor -> {
      Answer answer = http.send(list.with("limit", PAGE).with("cursor", cursor));
      List<T> items = answer.array().stream().map(form).toList();
      return new Paged.Page<>(items, answer.header("link").map(Cursors::next).orElse(null));
    });
  }

  /// The cursor of the next page: no more of the address is believed.
  static @Nullable String next(String link) {
    Matcher matcher = NEXT.matcher(link);
    return matcher.find() ? URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8) : null;
  }
}
