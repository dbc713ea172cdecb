package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.testkit.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// permessage-deflate (RFC 7692) over real sockets.
@Timeout(120)
class DeflateIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MIB = 1 << 20;

  /// What a block that is flushed ends with, and a message leaves out.
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  /// As browsers offer it.
  private static final String OFFER =
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

  private static final String WORDS = "the same words over and over again; ".repeat(400);

  @TempDir private Path folder;

  private TestServer compressing() {
    SocketOptions usual = SocketOptions.DEFAULT;
    SocketOptions sockets =
        new SocketOptions(
            usual.maxMessageBytes(),
            usual.heartbeat(),
            usual.initTimeout(),
            usual.silenceTimeout(),
            usual.writeTimeout(),
            usual.closeTimeout(),
            usual.writeBufferBytes(),
            true);
    return TestServer.open(folder, config -> config.withEdge(config.edge().withSockets(sockets)));
  }

  @Test
  void compressesBothWaysForAClientThatOffersIt() throws Exception {
    try (TestServer server = compressing();
        RawSocket socket = new RawSocket(server.port())) {
      assertThat(socket.upgrade(OFFER))
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("sec-websocket-extensions: permessage-deflate")
          .contains("server_no_context_takeover")
          .contains("client_no_context_takeover");
      JsonNode opened = ask(socket, init());
      assertThat(opened.get("type").asText()).isEqualTo("init_ack");

      assertThat(deflate(observation(1)).length).isLessThan(WORDS.length() / 10);
      assertThat(ask(socket, observation(1)).get("status").asText()).isEqualTo("accepted");
      assertThat(ask(socket, observation(2)).get("status").asText()).isEqualTo("accepted");

      send(socket, "{\"type\":\"recall\",\"request_id\":\"q\",\"cue\":{\"text\":\"words\"}}");
      RawSocket.Frame answer = socket.readFrame();
      assertThat(answer.compressed()).isTrue();
      assertThat(answer.payload().length).isLessThan(WORDS.length() / 10);
      assertThat(JSON.readTree(inflate(answer.payload())).findValuesAsText("content"))
          .hasSize(2)
          .allMatch(WORDS::equals);
    }
  }

  @Test
  void takesACompressedMessageInManyFrames() throws Exception {
    try (TestServer server = compressing();
        RawSocket socket = new RawSocket(server.port())) {
      socket.upgrade(OFFER);
      ask(socket, init());
      byte[] bytes = deflate(observation(1));
      int half = bytes.length / 2;
      socket.frame(
          RawSocket.TEXT | RawSocket.COMPRESSED, false, Arrays.copyOfRange(bytes, 0, half));
      socket.frame(RawSocket.PING, true, new byte[] {7});
      socket.frame(RawSocket.CONTINUATION, true, Arrays.copyOfRange(bytes, half, bytes.length));

      assertThat(socket.readFrame().opcode()).isEqualTo(RawSocket.PONG);
      assertThat(read(socket).get("status").asText()).isEqualTo("accepted");
    }
  }

  @Test
  void sendsPlainFramesToAClientThatDoesNotOfferIt() throws Exception {
    try (TestServer server = compressing();
        RawSocket socket = new RawSocket(server.port())) {
      assertThat(socket.upgrade()).doesNotContainIgnoringCase("sec-websocket-extensions");
      socket.frame(RawSocket.TEXT, true, init().getBytes(StandardCharsets.UTF_8));
      RawSocket.Frame opened = socket.readFrame();
      assertThat(opened.compressed()).isFalse();
      assertThat(opened.text()).startsWith("{\"type\":\"init_ack\"");

      send(socket, observation(1));

      assertThat(socket.readFrame().text()).startsWith("{\"type\":\"error\"");
      assertThat(socket.readFrame().closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void aServerThatIsNotToldToCompressDeclines() throws Exception {
    try (TestServer server = TestServer.open(folder);
        RawSocket socket = new RawSocket(server.port())) {
      assertThat(socket.upgrade(OFFER))
          .startsWith("HTTP/1.1 101 ")
          .doesNotContainIgnoringCase("sec-websocket-extensions");
    }
  }

  /// Inflated, the bomb is four times as large as all the memory that the server may have.
  @Test
  void refusesABombInLittleMemoryAndServesOn() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(folder, Map.of("MYELIN_SOCKET_COMPRESSION", "true"))) {
      byte[] bomb = bomb(2048);
      assertThat(bomb.length).as("bytes on the wire").isLessThan(4 * MIB);
      for (int i = 0; i < 3; i++) {
        try (RawSocket socket = new RawSocket(server.port())) {
          socket.upgrade(OFFER);
          ask(socket, init());
          socket.frame(RawSocket.TEXT | RawSocket.COMPRESSED, true, bomb);
          assertTooLarge(socket);
        }
      }
      try (RawSocket socket = new RawSocket(server.port())) {
        socket.upgrade(OFFER);
        ask(socket, init());
        assertThat(ask(socket, observation(1)).get("status").asText()).isEqualTo("accepted");
      }
    }
  }

  @Test
  void countsWhatTheFramesOfAMessageInflateTo() throws Exception {
    try (TestServer server = compressing()) {
      try (RawSocket socket = new RawSocket(server.port())) {
        socket.upgrade(OFFER);
        ask(socket, init());
        socket.frame(RawSocket.TEXT | RawSocket.COMPRESSED, false, withTail(bomb(3)));
        socket.frame(RawSocket.CONTINUATION, true, bomb(3));
        assertTooLarge(socket);
      }
      Eventually.until("no WebSocket is left", () -> server.server().webSockets() == 0);
    }
  }

  @Test
  void saysThatAPayloadIsNotCompressed() throws Exception {
    try (TestServer server = compressing();
        RawSocket socket = new RawSocket(server.port())) {
      socket.upgrade(OFFER);
      ask(socket, init());
      socket.frame(RawSocket.TEXT | RawSocket.COMPRESSED, true, new byte[] {-1, -1, -1, -1});

      assertThat(read(socket).get("message").asText()).contains("RFC 7692");
      assertThat(socket.readFrame().closeCode()).isEqualTo(1007);
    }
  }

  private static void assertTooLarge(RawSocket socket) throws Exception {
    JsonNode error = read(socket);
    assertThat(error.get("code").asText()).isEqualTo("message_too_large");
    assertThat(error.get("message").asText()).contains("4194304 bytes");
    assertThat(socket.readFrame().closeCode()).isEqualTo(1009);
  }

  private static String init() {
    return "{\"type\":\"init\",\"memory_space_id\":\"notes\"}";
  }

  private static String observation(int sequence) {
    return "{\"type\":\"observation\",\"sequence_number\":"
        + sequence
        + ",\"episode\":{\"what\":\""
        + WORDS
        + "\"}}";
  }

  private static void send(RawSocket socket, String text) throws IOException {
    socket.frame(RawSocket.TEXT | RawSocket.COMPRESSED, true, deflate(text));
  }

  private static JsonNode ask(RawSocket socket, String text) throws Exception {
    send(socket, text);
    return read(socket);
  }

  private static JsonNode read(RawSocket socket) throws Exception {
    RawSocket.Frame frame = socket.readFrame();
    assertThat(frame.opcode()).isEqualTo(RawSocket.TEXT);
    assertThat(frame.compressed()).isTrue();
    return JSON.readTree(inflate(frame.payload()));
  }

  private static byte[] deflate(String text) {
    byte[] flushed = block(text.getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(flushed, flushed.length - TAIL.length);
  }

  /// Blocks that stand for themselves and end with the tail.
  private static byte[] block(byte[] bytes) {
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setInput(bytes);
      byte[] out = new byte[bytes.length + 64];
      return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.FULL_FLUSH));
    }
  }

  /// Spaces, a MiB many times over.
  private static byte[] bomb(int mib) {
    byte[] spaces = new byte[MIB];
    Arrays.fill(spaces, (byte) ' ');
    byte[] block = block(spaces);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream(block.length * mib);
    for (int i = 0; i < mib; i++) {
      bomb.writeBytes(block);
    }
    return Arrays.copyOf(bomb.toByteArray(), bomb.size() - TAIL.length);
  }

  /// With what only the last frame of a message goes without.
  private static byte[] withTail(byte[] bytes) {
    byte[] whole = Arrays.copyOf(bytes, bytes.length + TAIL.length);
    System.arraycopy(TAIL, 0, whole, bytes.length, TAIL.length);
    return whole;
  }

  private static byte[] inflate(byte[] bytes) throws DataFormatException {
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(withTail(bytes));
      byte[] out = new byte[MIB];
      return Arrays.copyOf(out, inflater.inflate(out));
    }
  }
}
