package dev.myelin.bench.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.bench.fanout.Loopback;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import dev.myelin.bench.load.WebSocketFrames;
import dev.myelin.bench.load.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A guest that is on the gateway, loses its connection and comes back for what it missed. One
/// thread at a time.
final class Visitor implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BUFFER = 16 * 1024;

  private final Target target;
  private final int number;
  private String session = "";
  private String epoch = "";
  private long offset;
  private @Nullable Wire wire;
  private @Nullable WebSocketFrames frames;

  Visitor(Target target, int number) {
    this.target = target;
    this.number = number;
  }

  /// Connects and joins its channels.
  void enter() throws IOException {
    connect();
    send(Guests.init(number));
    session = next(Visitor::isAck).path("payload").path("session_id").asText();
    send(Guests.subscribe(number));
    JsonNode joined =
        next(message ->
                "channel.subscribed".equals(message.path("type").asText())
                    && isOfTheCommonOne(message))
            .path("payload");
    epoch = joined.path("epoch").asText();
    offset = joined.path("offset").asLong();
    next(message -> "s".equals(message.path("reply_to").asText()));
  }

  private void connect() throws IOException {
    Wire opened = Wire.over(Loopback.connect(target, number), BUFFER);
    wire = opened;
    frames = WebSocketFrames.open(opened, target, "/ws");
  }

  /// Comes back, and reads until it has heard of all events up to an offset, in order.
  ///
  /// @throws LoadFailure if the session is gone, or an event is missing or doubled
  void comeBack(long last) throws IOException {
    connect();
    ObjectNode message = JSON.createObjectNode().put("id", "r").put("type", "connection.reconnect");
    ObjectNode payload =
        message
            .putObject("payload")
            .put("client_id", "c" + number)
            .put("session_id", session)
            .put("token", Guests.token("guest-" + number));
    payload
        .putArray("positions")
        .addObject()
        .put("channel", Guests.CHANNEL)
        .put("epoch", epoch)
        .put("offset", offset);
    send(message.toString());
    JsonNode ack = next(Visitor::isAck).path("payload");
    if (!"resumed".equals(ack.path("status").asText())) {
      throw new LoadFailure("a session was not resumed: " + ack);
    }
    while (offset < last) {
      JsonNode event = next(one -> one.has("offset") && isOfTheCommonOne(one));
      if (event.path("offset").asLong() != offset + 1) {
        throw new LoadFailure("after event " + offset + " came " + event.path("offset"));
      }
      offset++;
    }
  }

  private static boolean isAck(JsonNode message) {
    return "connection.ack".equals(message.path("type").asText());
  }

  private static boolean isOfTheCommonOne(JsonNode message) {
    JsonNode inside = message.path("payload").path("channel");
    return Guests.CHANNEL.equals(message.path("channel").asText())
        || Guests.CHANNEL.equals(inside.asText())
        || "bench".equals(inside.path("id").asText());
  }

  private void send(String text) throws IOException {
    if (frames != null) {
      frames.send(text);
    }
  }

  private JsonNode next(Predicate<JsonNode> wanted) throws IOException {
    while (wire != null && frames != null) {
      ByteBuffer message = frames.next(wire.in());
      if (message == null) {
        wire.read();
        continue;
      }
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      JsonNode json = JSON.readTree(bytes);
      if (json.path("type").asText().endsWith("error")) {
        throw new LoadFailure("the server answered " + json);
      }
      if (wanted.test(json)) {
        return json;
      }
    }
    throw new LoadFailure("the guest " + number + " has no connection");
  }

  /// Loses the connection: no goodbye.
  @Override
  public void close() throws IOException {
    if (wire != null) {
      wire.close();
      wire = null;
    }
  }
}
