package dev.myelin.client.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Server-sent events (WHATWG HTML, section 9.2.6) in an answer. One thread reads; any may close.
public final class ServerEvents implements AutoCloseable {
  private final Incoming incoming;

  public ServerEvents(Incoming incoming) {
    this.incoming = incoming;
  }

  /// An event.
  ///
  /// @param id what to go on after; empty if the server gave none
  /// @param data its lines, joined
  public record Event(String id, String data) {}

  /// The next event; null after the last. Comments are signs of life and nothing else; `retry` is
  /// left to the reader's own backoff.
  ///
  /// @throws dev.myelin.client.model.MyelinException as [Incoming#line] does
  public @Nullable Event next(Duration silence) {
    String id = "";
    StringBuilder data = new StringBuilder();
    for (String line = incoming.line(silence); line != null; line = incoming.line(silence)) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          return new Event(id, data.substring(0, data.length() - 1));
        }
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      switch (field) {
        case "id" -> id = value;
        case "data" -> data.append(value).append('\n');
        default -> {
          // A comment, or something that is not needed here.
        }
      }
    }
    return null; // what was not finished by an empty line does not count
  }

  @Override
  public void close() {
    incoming.close();
  }
}
