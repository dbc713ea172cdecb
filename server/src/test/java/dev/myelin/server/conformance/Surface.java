package dev.myelin.server.conformance;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// One of the server's WebSockets, and how to learn there that a message arrived whole.
///
/// @param greeting what a client says first; empty for nothing
/// @param ready what is in the message after which the server takes questions
/// @param passesOver whether a message that is too long costs only itself
/// @param question a message whose answer holds the id that stands in it for `%s`
record Surface(
    String name, String path, String greeting, String ready, boolean passesOver, String question) {
  static final Surface STREAM =
      new Surface(
          "stream",
          "/v1/stream",
          "{\"type\":\"init\",\"memory_space_id\":\"conformance\"}",
          "init_ack",
          false,
          "{\"type\":\"recall\",\"request_id\":\"%s\",\"cue\":{}}");

  /// The gateway, in its flat dialect at first; each client has an id of its own.
  static final Surface GATEWAY =
      new Surface(
          "gateway",
          "/ws?client_id=conformance-{n}",
          "{\"id\":\"hello\",\"type\":\"connection.init\",\"payload\":{\"version\":\"1.0\",\"client_id\":\"c-{n}\"}}",
          "channel.subscribed", // the user's own, after the greeting
          true,
          "{\"id\":\"%s\",\"type\":\"connection.heartbeat\",\"payload\":{}}");

  private static final AtomicInteger CLIENTS = new AtomicInteger();

  static Surface library(String id) {
    return new Surface(
        "library",
        "/v1/libraries/" + id + "/ws",
        "",
        "Connected to library",
        false,
        "{\"type\":\"request\",\"action\":\"none\",\"request_id\":\"%s\",\"data\":{}}");
  }

  /// This for one client more.
  Surface forOneMore() {
    String number = Integer.toString(CLIENTS.incrementAndGet());
    return new Surface(
        name,
        path.replace("{n}", number),
        greeting.replace("{n}", number),
        ready,
        passesOver,
        question);
  }

  /// A question, filled up with spaces.
  ///
  /// @param length in bytes, or 0 for as short as it is
  byte[] question(String id, int length) {
    String text = question.formatted(id);
    String padded = text + " ".repeat(Math.max(0, length - text.length()));
    if (length > 0 && padded.length() != length) {
      throw new IllegalArgumentException(
          "length: " + length + " (expected: " + text.length() + " or more)");
    }
    return padded.getBytes(StandardCharsets.UTF_8);
  }

  /// A question that ends with characters of more than one byte, in a member that nobody reads.
  byte[] question(String id, String text) {
    String question = question(id);
    return (question.substring(0, question.length() - 1) + ",\"extra\":\"" + text + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private String question(String id) {
    return question.formatted(id);
  }
}
