package dev.myelin.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.testkit.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A client of the socket of a library.
final class LibrarySocketClient implements WebSocket.Listener, AutoCloseable {
  private final LinkedBlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private final Deque<JsonNode> skipped = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  LibrarySocketClient(int port, String library) {
    this(port, library, HttpClient.newHttpClient().newWebSocketBuilder());
  }

  LibrarySocketClient(int port, String library, String key) {
    this(port, library, HttpClient.newHttpClient().newWebSocketBuilder().header("X-API-Key", key));
  }

  private LibrarySocketClient(int port, String library, WebSocket.Builder builder) {
    URI uri = URI.create("ws://127.0.0.1:" + port + "/v1/libraries/" + library + "/ws");
    socket = builder.buildAsync(uri, this).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      received.add(ApiContract.parse(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    received.add(ApiContract.JSON.createObjectNode().put("type", "closed").put("code", 1006));
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    received.add(ApiContract.JSON.createObjectNode().put("type", "closed").put("code", code));
    return null;
  }

  WebSocket socket() {
    return socket;
  }

  void send(String frame) {
    socket.sendText(frame, true).join();
  }

  void ask(String action, String requestId, JsonNode data) {
    ObjectNode request =
        ApiContract.JSON.createObjectNode().put("action", action).put("request_id", requestId);
    send(request.set("data", data).toString());
  }

  /// The next message, whatever it is; null if none comes for a while.
  @Nullable JsonNode nextOrNull() throws InterruptedException {
    return received.poll(1, TimeUnit.SECONDS);
  }

  /// The next message, whatever it is.
  JsonNode next() throws InterruptedException {
    JsonNode message = received.poll(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing came");
    }
    return message;
  }

  /// The next message of that kind; those before it are left for other calls.
  JsonNode next(Predicate<JsonNode> wanted) throws InterruptedException {
    for (JsonNode message : skipped) {
      if (wanted.test(message)) {
        skipped.remove(message);
        return message;
      }
    }
    while (true) {
      JsonNode message = next();
      if (wanted.test(message)) {
        return message;
      }
      skipped.add(message);
    }
  }

  JsonNode event(String type) throws InterruptedException {
    return next(message -> message.path("event_type").asText().equals(type));
  }

  JsonNode answer(String requestId) throws InterruptedException {
    return next(message ->
        message.path("type").asText().equals("response")
            && message.path("request_id").asText().equals(requestId));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
