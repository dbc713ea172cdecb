package dev.myelin.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.live.token.TokenConfig;
import dev.myelin.testkit.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A client of the gateway that says exactly what a test says.
final class GatewayClient implements WebSocket.Listener, AutoCloseable {
  static final TokenConfig TOKENS =
      new TokenConfig("0123456789abcdef0123456789abcdef", null, null, null);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final LinkedBlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private final Deque<JsonNode> skipped = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;
  private volatile boolean reads = true;

  /// @param path with its query, such as `/ws?client_id=a`
  GatewayClient(int port, String path) {
    socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
            .join();
  }

  /// A client that has said who it is, with what it was answered.
  static GatewayClient init(int port, String subject, String clientId) throws InterruptedException {
    GatewayClient client = new GatewayClient(port, "/ws");
    client.command(
        "connection.init", object().put("token", token(subject)).put("client_id", clientId));
    return client;
  }

  static ObjectNode object() {
    return ApiContract.JSON.createObjectNode();
  }

  /// A token that may do everything in tenant t1, for five minutes.
  static String token(String subject) {
    return token(subject, "t1", Instant.now().plusSeconds(300), "*");
  }

  static String token(String subject, String tenant, Instant expires, String permission) {
    ObjectNode claims =
        object().put("sub", subject).put("tenant_id", tenant).put("exp", expires.getEpochSecond());
    claims.putArray("permissions").add(permission);
    String text = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims.toString());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] secret = String.valueOf(TOKENS.secret()).getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      received.add(ApiContract.parse(text.toString()));
      text.setLength(0);
    }
    if (reads) {
      from.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    received.add(object().put("type", "closed").put("code", code).put("reason", reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    received.add(object().put("type", "closed").put("code", 1006));
  }

  /// Reads nothing any more.
  void stopReading() {
    reads = false;
  }

  /// Reads on, as much as comes.
  void readAgain() {
    reads = true;
    socket.request(1);
  }

  void send(String frame) {
    socket.sendText(frame, true).join();
  }

  /// Sends a command; gives its id.
  String command(String type, ObjectNode payload) {
    String id = UUID.randomUUID().toString();
    command(id, type, payload);
    return id;
  }

  void command(String id, String type, ObjectNode payload) {
    ObjectNode envelope = object().put("id", id).put("type", type);
    send(envelope.set("payload", payload).toString());
  }

  /// Subscribes to one channel; gives what it was told of it.
  JsonNode subscribe(ObjectNode channel) throws InterruptedException {
    ObjectNode payload = object();
    payload.putArray("channels").add(channel);
    String id = command("channel.subscribe", payload);
    JsonNode told =
        next(message ->
            message.path("type").asText().equals("channel.subscribed")
                && message.at("/payload/channel/id").equals(channel.get("id")));
    next(message -> message.path("reply_to").asText().equals(id));
    return told.get("payload");
  }

  static ObjectNode team(String id) {
    return object().put("type", "team").put("id", id);
  }

  /// Publishes a numbered note; gives the id of the command.
  String note(String channel, int n) {
    ObjectNode payload = object().put("channel", channel).put("type", "app.note");
    payload.putObject("payload").put("n", n);
    return command("channel.publish", payload);
  }

  /// The next message; those that were passed over come first.
  JsonNode next() throws InterruptedException {
    return skipped.isEmpty() ? arrived() : skipped.removeFirst();
  }

  private JsonNode arrived() throws InterruptedException {
    JsonNode message = received.poll(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing came; before: " + skipped);
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
      JsonNode message = arrived();
      if (wanted.test(message)) {
        return message;
      }
      skipped.add(message);
    }
  }

  /// A message of that kind, if one comes within a moment; else null.
  @Nullable JsonNode soon(Predicate<JsonNode> wanted) throws InterruptedException {
    while (true) {
      JsonNode message = received.poll(200, TimeUnit.MILLISECONDS);
      if (message == null || wanted.test(message)) {
        return message;
      }
      skipped.add(message);
    }
  }

  JsonNode next(String type) throws InterruptedException {
    return next(message -> message.path("type").asText().equals(type));
  }

  JsonNode reply(String id) throws InterruptedException {
    return next(message -> message.path("reply_to").asText().equals(id));
  }

  JsonNode closed() throws InterruptedException {
    return next("closed");
  }

  /// Goes without a word, as when a network breaks.
  void drop() {
    socket.abort();
  }

  /// Closes in order.
  void close(int code) {
    socket.sendClose(code, "").join();
  }

  @Override
  public void close() {
    socket.abort();
  }
}
