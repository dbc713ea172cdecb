package dev.myelin.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A session on a WebSocket of its own that asks one thing after the other, in JSON. One thread.
public final class JsonStream implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Wire wire;
  private final WebSocketFrames frames;
  private final String space;

  private JsonStream(Wire wire, WebSocketFrames frames, String space) {
    this.wire = wire;
    this.frames = frames;
    this.space = space;
  }

  /// Connects and opens a session.
  public static JsonStream open(Target target, String space) throws IOException {
    return open(Wire.connect(target.address()), target, space);
  }

  /// The same with less memory.
  ///
  /// @param maxBytes of a message that comes in
  public static JsonStream open(Target target, String space, int maxBytes) throws IOException {
    return open(Wire.connect(target.address(), maxBytes), target, space);
  }

  private static JsonStream open(Wire wire, Target target, String space) throws IOException {
    try {
      WebSocketFrames frames = WebSocketFrames.open(wire, target, "/v1/stream");
      JsonStream stream = new JsonStream(wire, frames, space);
      stream.send(stream.message("init").toString());
      stream.next("init_ack");
      return stream;
    } catch (IOException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /// The beginning of a message about the space.
  public ObjectNode message(String type) {
    return JSON.createObjectNode().put("type", type).put("memory_space_id", space);
  }

  public void send(String message) throws IOException {
    frames.send(message);
  }

  /// The next message that is not a heartbeat.
  ///
  /// @throws LoadFailure if it is of another type
  public JsonNode next(String type) throws IOException {
    JsonNode message = next();
    if (!type.equals(message.path("type").asText())) {
      throw new LoadFailure("the server answered " + message);
    }
    return message;
  }

  private JsonNode next() throws IOException {
    while (true) {
      ByteBuffer message = frames.next(wire.in());
      if (message == null) {
        wire.read();
        continue;
      }
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      JsonNode json = JSON.readTree(bytes);
      if (!"heartbeat".equals(json.path("type").asText())) {
        return json;
      }
    }
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
