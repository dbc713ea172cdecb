package dev.myelin.edge.library;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.library.model.Page;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Lists in pages: an array, and the next page in the header `Link` (RFC 8288).
final class Pages {
  private static final int MAX_LIMIT = 1_000;
  private static final int DEFAULT_LIMIT = 100;

  private Pages() {}

  static int limit(RestRequest request) {
    return (int) request.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
  }

  /// Writes one item.
  interface Form<T> {
    void write(JsonGenerator json, T item) throws IOException;
  }

  /// @param path of the list
  static <T> RestAnswer answer(String path, int limit, Page<T> page, Form<T> form) {
    RestAnswer answer =
        RestAnswer.ok(json -> {
          json.writeStartArray();
          for (T item : page.items()) {
            form.write(json, item);
          }
          json.writeEndArray();
        });
    if (page.next() == null) {
      return answer;
    }
    String cursor = URLEncoder.encode(page.next(), StandardCharsets.UTF_8);
    return answer.withHeader(
        "link", "<" + path + "?limit=" + limit + "&cursor=" + cursor + ">; rel=\"next\"");
  }
}
