package dev.myelin.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.server.RawSocket;
import dev.myelin.server.RawSocket.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// A client whose WebSocket is open and that has said what it must.
final class Peer implements AutoCloseable {
  private final Surface surface;
  private final int port;
  private final RawSocket socket;
  private int asked;

  private Peer(Surface surface, int port, RawSocket socket) {
    this.surface = surface;
    this.port = port;
    this.socket = socket;
  }

  static Peer open(Surface kind, int port, String... headers) throws IOException {
    Surface surface = kind.forOneMore();
    Peer peer = new Peer(surface, port, new RawSocket(port));
    assertThat(peer.socket.upgradeAt(surface.path(), headers)).startsWith("HTTP/1.1 101 ");
    if (!surface.greeting().isEmpty()) {
      peer.text(surface.greeting());
    }
    peer.awaitText(surface.ready());
    return peer;
  }

  /// Another one like this.
  Peer another(String... headers) throws IOException {
    return open(surface, port, headers);
  }

  /// A connection like this one on which nothing was said yet.
  RawSocket unopened() throws IOException {
    return new RawSocket(port);
  }

  Surface surface() {
    return surface;
  }

  RawSocket socket() {
    return socket;
  }

  // ---- what is sent

  void frame(int opcode, boolean last, byte[] payload) throws IOException {
    socket.frame(opcode, last, payload);
  }

  void text(String text) throws IOException {
    frame(RawSocket.TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends bytes in pieces, as a slow network would deliver them.
  void chopped(byte[] bytes, int size) throws IOException {
    for (int at = 0; at < bytes.length; at += size) {
      socket.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
    }
  }

  /// Sends a message as a frame for each piece of it.
  void fragments(int opcode, byte[] message, int size) throws IOException {
    for (int at = 0; at < message.length; at += size) {
      int end = Math.min(message.length, at + size);
      frame(
          at == 0 ? opcode : RawSocket.CONTINUATION,
          end == message.length,
          Arrays.copyOfRange(message, at, end));
    }
  }

  /// An id that was not used before.
  String nextId() {
    return "q" + ++asked;
  }

  // ---- what is expected

  /// The next frame of that kind; messages before it are passed over.
  Frame next(int opcode) throws IOException {
    while (true) {
      Frame frame = socket.readFrame();
      if (frame.opcode() == opcode) {
        return frame;
      }
      assertThat(frame.opcode())
          .as("%s", frame.text())
          .isIn(RawSocket.TEXT, RawSocket.BINARY, RawSocket.PING, RawSocket.PONG);
    }
  }

  /// The answer to the question with that id has come.
  void answered(String id) throws IOException {
    awaitText("\"" + id + "\"");
  }

  /// The answers to questions with that prefix and the numbers from 1 have come, in any order.
  void answeredAll(String prefix, int count) throws IOException {
    Set<String> open = new HashSet<>();
    for (int i = 1; i <= count; i++) {
      open.add("\"" + prefix + i + "\"");
    }
    while (!open.isEmpty()) {
      String text = Compression.text(next(RawSocket.TEXT));
      open.removeIf(text::contains);
    }
  }

  private void awaitText(String part) throws IOException {
    Frame frame = next(RawSocket.TEXT);
    while (!Compression.text(frame).contains(part)) {
      frame = next(RawSocket.TEXT);
    }
  }

  /// The connection works as before.
  void lives() throws IOException {
    String id = nextId();
    frame(RawSocket.TEXT, true, surface.question(id, 0));
    answered(id);
  }

  /// The server answers a ping with what was in it.
  void ponged(byte[] payload) throws IOException {
    assertThat(next(RawSocket.PONG).payload()).containsExactly(payload);
  }

  /// The server closes with that code, and the connection ends.
  void failed(int code) throws IOException {
    assertThat(next(RawSocket.CLOSE).closeCode()).isEqualTo(code);
    ended();
  }

  /// The server ends the connection.
  void ended() {
    assertThat(socket.endsSoon()).as("the connection has ended").isTrue();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
