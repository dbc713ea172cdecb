package dev.myelin.edge.rest;

import dev.myelin.edge.rest.json.JsonText;
import java.util.HashMap;
import java.util.Map;

/// What a handler answers.
///
/// @param headers besides those that the surface sets
public record RestAnswer(int status, Map<String, String> headers, Content content) {
  public static final String JSON = "application/json";
  public static final String NDJSON = "application/x-ndjson";

  public RestAnswer {
    headers = Map.copyOf(headers);
  }

  /// What an answer consists of.
  public sealed interface Content {}

  /// Nothing.
  public record Empty() implements Content {}

  /// A whole document.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Bytes(String type, byte[] bytes) implements Content {}

  /// A document that is written bit by bit, as long as its writer likes.
  public record Stream(String type, StreamBody body) implements Content {}

  /// Writes a long answer, on a virtual thread.
  @FunctionalInterface
  public interface StreamBody {

    /// Writes until there is nothing more to say.
    ///
    /// @throws InterruptedException once the client is gone
    void write(AnswerStream out) throws InterruptedException;
  }

  public static RestAnswer json(int status, JsonText.Body body) {
    return new RestAnswer(status, Map.of(), new Bytes(JSON, JsonText.write(body)));
  }

  public static RestAnswer ok(JsonText.Body body) {
    return json(200, body);
  }

  public static RestAnswer noContent() {
    return new RestAnswer(204, Map.of(), new Empty());
  }

  public static RestAnswer stream(String type, StreamBody body) {
    return new RestAnswer(200, Map.of(), new Stream(type, body));
  }

  public RestAnswer withHeader(String name, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(name, value);
    return new RestAnswer(status, all, content);
  }
}
