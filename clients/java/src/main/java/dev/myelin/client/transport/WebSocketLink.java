package dev.myelin.client.transport;

import dev.myelin.client.model.MyelinException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A WebSocket: one frame is one message.
///
/// Frames are written to the channel itself, without a flush each, so that all that one task sends
/// costs one system call.
final class WebSocketLink implements Link {
  /// The close code of a session that another connection resumed.
  private static final int TAKEN_OVER = 4009;

  private static final int WRITE_BUFFER_BYTES = 256 * 1024;

  private final WebSocket socket;
  private final ChannelHandlerContext channel;
  private final Listener listener;
  private final boolean text;
  private boolean dirty;
  private boolean over;

  WebSocketLink(WebSocket socket, boolean text, Endpoint endpoint, Listener listener) {
    this.socket = socket;
    this.channel = ((WebSocketInternal) socket).channelHandlerContext();
    this.listener = listener;
    this.text = text;
    socket.setWriteQueueMaxSize(WRITE_BUFFER_BYTES);
    socket.binaryMessageHandler(this::binary);
    socket.textMessageHandler(this::text);
    socket.pongHandler(_ -> listener.alive());
    socket.drainHandler(_ -> listener.writable());
    socket.exceptionHandler(cause -> over(Failures.connection(endpoint, cause)));
    socket.closeHandler(_ -> over(closed(endpoint)));
  }

  private void binary(Buffer frame) {
    if (!over) {
      listener.received(((BufferInternal) frame).getByteBuf().nioBuffer());
    }
  }

  private void text(String frame) {
    if (!over) {
      listener.received(ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private MyelinException closed(Endpoint endpoint) {
    String reason = socket.closeReason();
    Short code = socket.closeStatusCode();
    if (code != null && code == TAKEN_OVER) {
      return new MyelinException(
          MyelinException.TAKEN_OVER, "Another connection went on with this session.", null);
    }
    return MyelinException.unavailable(
        endpoint
            + " closed the connection"
            + (code == null ? "" : " (" + code + (reason == null ? "" : ": " + reason) + ")")
            + ".",
        null);
  }

  private void over(MyelinException reason) {
    if (!over) {
      over = true;
      var _ = channel.close();
      listener.disconnected(reason);
    }
  }

  @Override
  public ByteBuf begin(int sizeHint) {
    return channel.alloc().buffer(sizeHint);
  }

  @Override
  public void end(ByteBuf frame) {
    var _ =
        channel.write(
            text ? new TextWebSocketFrame(frame) : new BinaryWebSocketFrame(frame),
            channel.voidPromise());
    dirty = true;
  }

  @Override
  public void discard(ByteBuf frame) {
    frame.release();
  }

  @Override
  public void flush() {
    if (dirty) {
      dirty = false;
      channel.flush();
    }
  }

  @Override
  public boolean isFull() {
    return !channel.channel().isWritable();
  }

  @Override
  public void ping() {
    socket.writePing(Buffer.buffer("alive?"));
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      flush();
      socket.close();
    }
  }
}
