package dev.myelin.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A WebSocket with JSON in text frames.
final class JsonDialect implements Dialect {
  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] ACK = ascii("{\"type\":\"ack\",");
  private static final byte[] SEQUENCE = ascii("\"sequence_number\":");
  private static final byte[] ACCEPTED = ascii(",\"status\":\"accepted\"");
  private static final byte[] HEARTBEAT = ascii("{\"type\":\"heartbeat\"");

  private final Session session;
  private final ByteBuffer message;
  private @Nullable WebSocketFrames frames;

  JsonDialect(Session session) {
    this.session = session;
    this.message = ByteBuffer.allocate(session.observations().maxBytes());
  }

  @Override
  public Opened open(Wire wire) throws IOException {
    WebSocketFrames opened = WebSocketFrames.open(wire, session.target(), "/v1/stream");
    opened.send(
        "{\"type\":\"init\",\"memory_space_id\":\""
            + session.space()
            + (session.resumed().isEmpty() ? "" : "\",\"resume_session_id\":\"" + session.resumed())
            + "\",\"client_buffer_size\":"
            + Session.MAX_IN_FLIGHT
            + "}");
    ByteBuffer answer;
    while ((answer = opened.next(wire.in())) == null) {
      wire.read();
    }
    JsonNode ack = JSON.readTree(bytes(answer));
    if (!"init_ack".equals(ack.path("type").asText())) {
      throw new LoadFailure("the server did not open a session: " + ack);
    }
    frames = opened;
    return new Opened(ack.path("session_id").asText(), ack.path("initial_sequence").asLong());
  }

  @Override
  public boolean put(long sequence, ByteBuffer out) {
    Observations observations = session.observations();
    message.clear();
    text("{\"type\":\"observation\",\"sequence_number\":" + sequence);
    text(",\"episode\":{\"id\":\"" + observations.id(session.connection(), sequence));
    text("\",\"what\":\"" + observations.text(session.connection(), sequence) + '"');
    if (observations.dimension() > 0) {
      text(",\"embedding\":[");
      observations.json(session.connection(), sequence, message);
      text("]");
    }
    if (!session.tag().isEmpty()) {
      text(",\"tags\":[\"" + session.tag() + "\"]");
    }
    text("}}");
    return frames().put(WebSocketFrames.TEXT, message.flip(), out);
  }

  @SuppressWarnings("deprecation") // String#getBytes(int,...) is the cheapest way from ASCII
  private void text(String ascii) {
    ascii.getBytes(0, ascii.length(), message.array(), message.position());
    message.position(message.position() + ascii.length());
  }

  @Override
  public void take(ByteBuffer in, Verdicts verdicts) throws IOException {
    long now = System.nanoTime();
    ByteBuffer answer;
    while ((answer = frames().next(in)) != null) {
      int found = startsWith(answer, 0, ACK) ? find(answer, SEQUENCE) : -1;
      if (found < 0) {
        other(answer);
        continue;
      }
      long sequence = 0;
      int at = found;
      while (Character.isDigit(answer.get(at))) {
        sequence = sequence * 10 + (answer.get(at++) - '0');
      }
      if (startsWith(answer, at, ACCEPTED)) {
        verdicts.accepted(sequence, now);
      } else {
        verdicts.rejected(sequence, JSON.readTree(bytes(answer)).path("code").asText());
      }
    }
  }

  private static void other(ByteBuffer answer) {
    if (!startsWith(answer, 0, HEARTBEAT)) {
      throw new LoadFailure(
          "the server answered " + new String(bytes(answer), StandardCharsets.UTF_8));
    }
  }

  private WebSocketFrames frames() {
    if (frames == null) {
      throw new IllegalStateException("the connection is not open");
    }
    return frames;
  }

  private static int find(ByteBuffer bytes, byte[] wanted) {
    for (int i = ACK.length; i + wanted.length < bytes.limit(); i++) {
      if (startsWith(bytes, i, wanted)) {
        return i + wanted.length;
      }
    }
    return -1;
  }

  private static boolean startsWith(ByteBuffer bytes, int from, byte[] wanted) {
    if (bytes.limit() - from < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes.get(from + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
