package dev.myelin.bench.fanout;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How one kind of server is listened to, and told to publish, over a WebSocket.
///
/// @param path where the WebSocket is
/// @param greeting what a client says first; empty for nothing
public record Surface(String path, String greeting, Form form) {
  private static final int HEAD = 8 * 1024;
  private static final String HEAD_END = "\r\n\r\n";

  /// What messages look like.
  public enum Form {
    /// A request to add a document to a library, and the event that tells of it.
    LIBRARY,
    /// What is sent is told to all others as it is.
    PLAIN,
    /// The same in packets of Engine.IO 4 and Socket.IO 5.
    SOCKET_IO
  }

  /// The WebSocket of a library.
  public static Surface library(String id) {
    return new Surface("/v1/libraries/" + id + "/ws", "", Form.LIBRARY);
  }

  /// A server made with `ws`.
  public static Surface ws() {
    return new Surface("/", "", Form.PLAIN);
  }

  /// A server made with Socket.IO.
  public static Surface socketIo() {
    return new Surface("/socket.io/?EIO=4&transport=websocket", "40", Form.SOCKET_IO);
  }

  /// A connection that listens.
  ///
  /// @param rest what came in behind the handshake
  record Joined(SocketChannel channel, ByteBuffer rest) {}

  /// A connection on which nothing is read.
  public SocketChannel connect(Target target) throws IOException {
    return listen(target).channel();
  }

  Joined listen(Target target) throws IOException {
    SocketChannel channel = SocketChannel.open(target.address());
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    String key = target.apiKey() == null ? "" : "Authorization: Bearer " + target.apiKey() + "\r\n";
    write(
        channel,
        ByteBuffer.wrap(
            ("GET "
                    + path
                    + " HTTP/1.1\r\nHost: "
                    + target.host()
                    + ":"
                    + target.port()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                    + key
                    + "\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
    ByteBuffer in = ByteBuffer.allocate(HEAD);
    while (true) {
      if (channel.read(in) < 0 || !in.hasRemaining()) {
        throw new LoadFailure("the server did not open a WebSocket at " + path);
      }
      String said = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
      int end = said.indexOf(HEAD_END);
      if (end >= 0) {
        if (!said.startsWith("HTTP/1.1 101")) {
          throw new LoadFailure("the server did not open a WebSocket: " + said.lines().toList());
        }
        if (!greeting.isEmpty()) {
          write(channel, Masked.text(greeting));
        }
        return new Joined(channel, in.flip().position(end + HEAD_END.length()));
      }
    }
  }

  static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// What has to be said to a message; null if it is for the listener itself.
  @Nullable ByteBuffer answer(ByteBuffer payload) {
    boolean ping = form == Form.SOCKET_IO && payload.limit() == 1 && payload.get(0) == '2';
    return ping ? Masked.text("3") : null;
  }

  /// The message that makes the server tell an event of that number to all who listen.
  ///
  /// @param bytes how long the event is to be, where this can say so
  ByteBuffer publish(long number, int bytes) {
    String mark = Tally.mark(number);
    return switch (form) {
      case LIBRARY ->
          Masked.text(
              "{\"type\":\"request\",\"action\":\"add\",\"request_id\":\""
                  + number
                  + "\",\"data\":{\"title\":\""
                  + mark
                  + "\",\"texts\":[\"Something happened.\"]}}");
      case PLAIN -> Masked.text(padded(mark, bytes));
      // 42["event","..."]
      case SOCKET_IO -> Masked.text("42[\"event\",\"" + padded(mark, bytes) + "\"]");
    };
  }

  private static String padded(String mark, int bytes) {
    return mark + "x".repeat(Math.max(0, bytes - mark.length()));
  }
}
