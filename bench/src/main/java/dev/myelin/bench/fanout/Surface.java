package dev.myelin.bench.fanout;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// How one kind of server is listened to, and told to publish, over a WebSocket.
///
/// @param path where the WebSocket is
/// @param greetings what the client of a number says first; [#PUBLISHER] is the one that publishes
/// @param ready what the server's answers to that hold once the client hears all; empty if it does
///   from the first
/// @param form what messages look like
/// @param publishHead lines of the HTTP request that publishes, where no WebSocket does
public record Surface(
    String path, IntFunction<List<String>> greetings, String ready, Form form, String publishHead) {
  static final int PUBLISHER = -1;

  private static final int HEAD = 64 * 1024;
  private static final String HEAD_END = "\r\n\r\n";

  /// What messages look like.
  public enum Form {
    /// A request to add a document to a library, and the event that tells of it.
    LIBRARY,
    /// A request over HTTP that publishes to a channel, and the event in its envelope.
    CHANNEL,
    /// What is sent is told to all others as it is.
    PLAIN,
    /// The same in packets of Engine.IO 4 and Socket.IO 5.
    SOCKET_IO,
    /// The protocol of NATS.
    NATS
  }

  /// The WebSocket of a library.
  public static Surface library(String id) {
    return new Surface("/v1/libraries/" + id + "/ws", _ -> List.of(), "", Form.LIBRARY, "");
  }

  /// The gateway.
  ///
  /// @param greetings what a client of that number says; it ends with the subscription to `channel`
  /// @param publishHead the first lines of a request that publishes there, but for its length
  public static Surface gateway(
      IntFunction<List<String>> greetings, String ready, String publishHead) {
    return new Surface("/ws", greetings, ready, Form.CHANNEL, publishHead);
  }

  /// A server made with `ws`.
  public static Surface ws() {
    return new Surface("/", _ -> List.of(), "", Form.PLAIN, "");
  }

  /// A server made with Socket.IO.
  public static Surface socketIo() {
    return new Surface(
        "/socket.io/?EIO=4&transport=websocket", _ -> List.of("40"), "", Form.SOCKET_IO, "");
  }

  /// A NATS server.
  public static Surface nats() {
    String connect = "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"bench\"}\r\n";
    String subscribe = "SUB " + NatsText.SUBJECT + " 1\r\n";
    return new Surface(
        "/",
        number -> List.of(connect + (number == PUBLISHER ? "" : subscribe) + "PING\r\n"),
        "PONG",
        Form.NATS,
        "");
  }

  /// A connection that listens.
  ///
  /// @param rest what came in behind the handshake
  record Joined(SocketChannel channel, ByteBuffer rest) {}

  /// A connection on which nothing is read.
  public SocketChannel connect(Target target) throws IOException {
    return listen(target, 0).channel();
  }

  /// The connection that publishes.
  SocketChannel publisher(Target target) throws IOException {
    return form == Form.CHANNEL ? open(target) : listen(target, PUBLISHER).channel();
  }

  private static SocketChannel open(Target target) throws IOException {
    SocketChannel channel = SocketChannel.open(target.address());
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  /// The connection of the listener of that number, once it hears all.
  Joined listen(Target target, int number) throws IOException {
    boolean own = form == Form.CHANNEL && number >= 0;
    SocketChannel channel = own ? Loopback.connect(target, number) : open(target);
    write(channel, ByteBuffer.wrap(handshake(target).getBytes(StandardCharsets.US_ASCII)));
    ByteBuffer in = ByteBuffer.allocate(HEAD);
    int end = read(channel, in, HEAD_END, 0);
    String said = text(in);
    if (!said.startsWith("HTTP/1.1 101")) {
      throw new LoadFailure("the server did not open a WebSocket: " + said.lines().toList());
    }
    for (String greeting : greetings.apply(number)) {
      write(channel, Masked.text(greeting));
    }
    if (!ready.isEmpty()) {
      read(channel, in, ready, end);
    }
    // Copied, for most of it is empty and thousands of these are kept.
    ByteBuffer rest = in.flip().position(end);
    return new Joined(channel, ByteBuffer.allocate(rest.remaining()).put(rest).flip());
  }

  private String handshake(Target target) {
    String key = target.apiKey() == null ? "" : "Authorization: Bearer " + target.apiKey() + "\r\n";
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: "
        + target.host()
        + ":"
        + target.port()
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        + key
        + "\r\n";
  }

  /// Reads until something has come, and gives the place behind it.
  private int read(SocketChannel channel, ByteBuffer in, String wanted, int from)
      throws IOException {
    int at = text(in).indexOf(wanted, from);
    while (at < 0) {
      if (!in.hasRemaining() || channel.read(in) < 0) {
        throw new LoadFailure("the server did not open a WebSocket at " + path + ": " + text(in));
      }
      at = text(in).indexOf(wanted, from);
    }
    return at + wanted.length();
  }

  private static String text(ByteBuffer in) {
    return StandardCharsets.ISO_8859_1.decode(in.duplicate().flip()).toString();
  }

  static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Hands on what may be events of a message.
  void events(ByteBuffer payload, Consumer<ByteBuffer> listener) {
    if (form == Form.NATS) {
      NatsText.payloads(payload, listener);
    } else {
      listener.accept(payload);
    }
  }

  /// What has to be said to a message; null for nothing.
  @Nullable ByteBuffer answer(ByteBuffer payload) {
    if (form == Form.NATS) {
      return NatsText.isPing(payload) ? Masked.text("PONG\r\n") : null;
    }
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
      case CHANNEL -> request(padded(mark, bytes));
      case PLAIN -> Masked.text(padded(mark, bytes));
      // 42["event","..."]
      case SOCKET_IO -> Masked.text("42[\"event\",\"" + padded(mark, bytes) + "\"]");
      case NATS -> {
        String text = padded(mark, bytes);
        yield Masked.text("PUB " + NatsText.SUBJECT + " " + text.length() + "\r\n" + text + "\r\n");
      }
    };
  }

  private ByteBuffer request(String text) {
    String body = "{\"type\":\"bench.event\",\"payload\":{\"text\":\"" + text + "\"}}";
    String request = publishHead + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    return ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static String padded(String mark, int bytes) {
    return mark + "x".repeat(Math.max(0, bytes - mark.length()));
  }
}
