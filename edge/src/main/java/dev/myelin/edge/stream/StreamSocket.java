package dev.myelin.edge.stream;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.edge.wire.ObservationCodec;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ObservationConnection;
import dev.myelin.stream.ObservationService;
import dev.myelin.stream.Peer;
import dev.myelin.stream.ServerMessage;
import dev.myelin.stream.ServerMessage.Failure;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// One observation stream over a WebSocket: text frames are JSON, binary frames are protobuf, and
/// the client is answered as it spoke last.
///
/// Confined to the socket's event loop, but for [#execute(Runnable)].
final class StreamSocket implements SocketListener, Peer {
  private static final int CLOSE_NORMAL = 1000;
  private static final int CLOSE_GOING_AWAY = 1001;
  private static final int CLOSE_POLICY = 1008;

  /// Application close codes are those of the error table, where they have one.
  private static final int CLOSE_TAKEN_OVER = 4009;

  private final WebSocketChannel channel;
  private final TextDecoder decoder;
  private final TextEncoder encoder;
  private final ObservationCodec codec;
  private final ObservationConnection connection;

  private SpaceId space;
  private KeyWatch.@Nullable Watched watched;
  private boolean speaksBinary;

  StreamSocket(
      WebSocketChannel channel,
      TextCodec codec,
      Principal principal,
      ObservationService service,
      InstantSource clock) {
    this.channel = channel;
    this.space = principal.space("");
    this.decoder = codec.decoder();
    this.encoder = codec.encoder();
    this.codec = new ObservationCodec(space, clock);
    this.connection = service.connect(this, principal);
  }

  /// Ends the socket when the key that it was opened with dies.
  void watch(KeyWatch keys, Principal principal) {
    watched = keys.watch(principal, () -> channel.execute(this::keyDied));
  }

  private void keyDied() {
    connection.disconnected();
    write(failure(ErrorCode.UNAUTHENTICATED, KeyWatch.DEAD));
    channel.close(CLOSE_POLICY, "the API key is dead");
  }

  // ---- from the client

  @Override
  public void text(byte[] bytes, int length) {
    speaksBinary = false;
    receive(decoder.decode(bytes, length, space));
  }

  @Override
  public void binary(byte[] bytes, int length) {
    speaksBinary = true;
    receive(codec.decode(bytes, 0, length));
  }

  private void receive(ClientMessage message) {
    if (message instanceof Init init) {
      space = init.space();
      channel.established();
    }
    connection.receive(message);
  }

  @Override
  public void violated(Violation violation, String text) {
    Failure failure =
        switch (violation) {
          case FRAMING -> failure(ErrorCode.INVALID_REQUEST, "Invalid frame: " + text);
          case TOO_LARGE -> failure(ErrorCode.MESSAGE_TOO_LARGE, "Message too large: " + text);
          case NOT_UTF8 ->
              failure(ErrorCode.INVALID_REQUEST, "Invalid JSON: " + text + " Send UTF-8.");
        };
    write(failure);
  }

  private static Failure failure(ErrorCode code, String text) {
    return new Failure(null, 0, code, text);
  }

  @Override
  public void heartbeat() {
    connection.heartbeat();
  }

  @Override
  public void writable() {
    connection.writable();
  }

  @Override
  public void gone() {
    if (watched != null) {
      watched.close();
    }
    connection.disconnected();
  }

  // ---- from the service

  @Override
  public void execute(Runnable task) {
    channel.execute(task);
  }

  @Override
  public void write(ServerMessage message) {
    if (speaksBinary) {
      byte[] bytes = codec.encode(message).toByteArray();
      channel.writeBinary(bytes, bytes.length);
    } else {
      JsonWriter json = encoder.encode(message);
      channel.writeText(json.bytes(), json.length());
    }
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public boolean isFull() {
    return channel.isFull();
  }

  @Override
  public void read(boolean wanted) {
    channel.read(wanted);
  }

  @Override
  public void end(Ending ending) {
    switch (ending) {
      case CLOSED -> channel.close(CLOSE_NORMAL, "session closed");
      case TAKEN_OVER -> channel.close(CLOSE_TAKEN_OVER, "another connection resumed the session");
      case GOING_AWAY -> channel.close(CLOSE_GOING_AWAY, "server is shutting down");
    }
  }
}
