package dev.myelin.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/// A client of `/v1/stream` that speaks JSON and does as it is told.
final class StreamClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RawSocket socket;
  private String session = "";

  private StreamClient(RawSocket socket) {
    this.socket = socket;
  }

  static StreamClient open(int port, String... headers) throws IOException {
    RawSocket socket = new RawSocket(port);
    String head = socket.upgrade(headers);
    if (!head.startsWith("HTTP/1.1 101 ")) {
      socket.close();
      throw new IOException("no WebSocket: " + head);
    }
    return new StreamClient(socket);
  }

  RawSocket socket() {
    return socket;
  }

  String session() {
    return session;
  }

  /// Opens a session and gives the answer.
  JsonNode init(String space) throws IOException {
    return init(JSON.createObjectNode().put("memory_space_id", space));
  }

  /// Resumes a session and gives the answer.
  JsonNode resume(String space, String id) throws IOException {
    return init(JSON.createObjectNode().put("memory_space_id", space).put("resume_session_id", id));
  }

  JsonNode init(ObjectNode fields) throws IOException {
    send(fields.put("type", "init"));
    JsonNode answer = next("init_ack");
    session = answer.get("session_id").asText();
    return answer;
  }

  /// An observation of the session, with a text and no more.
  ObjectNode observation(long sequence, String id) {
    ObjectNode message = JSON.createObjectNode();
    message.put("type", "observation").put("session_id", session);
    message.put("sequence_number", sequence);
    message.putObject("episode").put("id", id).put("what", "observation " + id);
    return message;
  }

  /// A repeatable vector of unit length.
  static ArrayNode vector(int seed, int dimension) {
    Random random = new Random(seed);
    ArrayNode vector = JSON.createArrayNode();
    for (int i = 0; i < dimension; i++) {
      vector.add((float) random.nextGaussian());
    }
    return vector;
  }

  static ObjectNode message(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  void send(JsonNode message) throws IOException {
    send(message.toString());
  }

  void send(String text) throws IOException {
    socket.frame(RawSocket.TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  void flow(String action) throws IOException {
    send(message("flow_control").put("session_id", session).put("action", action));
  }

  /// The next message that is not a heartbeat.
  JsonNode next() throws IOException {
    JsonNode message = nextOfAny();
    while ("heartbeat".equals(message.path("type").asText())) {
      message = nextOfAny();
    }
    return message;
  }

  /// The next message of a type; what comes before it is an error.
  JsonNode next(String type) throws IOException {
    JsonNode message = "heartbeat".equals(type) ? nextOfAny() : next();
    if (!type.equals(message.path("type").asText())) {
      throw new AssertionError("expected " + type.toUpperCase(Locale.ROOT) + ", got " + message);
    }
    return message;
  }

  private JsonNode nextOfAny() throws IOException {
    while (true) {
      RawSocket.Frame frame = socket.readFrame();
      switch (frame.opcode()) {
        case RawSocket.TEXT -> {
          return JSON.readTree(frame.payload());
        }
        case RawSocket.PING -> socket.frame(RawSocket.PONG, true, frame.payload());
        case RawSocket.CLOSE -> throw new ClosedByServer(frame.closeCode());
        default -> throw new AssertionError("unexpected frame: " + frame.opcode());
      }
    }
  }

  /// The server closed the WebSocket.
  static final class ClosedByServer extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    ClosedByServer(int code) {
      super("closed with " + code);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /// Reads until the server closes, and gives the code.
  int closeCode() throws IOException {
    try {
      while (true) {
        nextOfAny();
      }
    } catch (ClosedByServer e) {
      return e.code();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
