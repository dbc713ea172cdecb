package dev.myelin.edge.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/// Writes messages as frames, many into one buffer: one write, one flush, one system call.
///
/// Compressed sockets go frame by frame through the encoders of the pipeline. Confined to the event
/// loop.
final class SocketWriter {
  private static final int FIRST_CHUNK_BYTES = 1024;
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int MAX_HEADER_BYTES = 10;
  private static final int FINAL_TEXT = 0x81;
  private static final int FINAL_BINARY = 0x82;

  private final ChannelHandlerContext context;
  private final boolean compressed;
  private @Nullable ByteBuf chunk;

  /// Whether something was handed over since the last flush.
  private boolean more;

  SocketWriter(ChannelHandlerContext context, boolean compressed) {
    this.context = context;
    this.compressed = compressed;
  }

  void write(boolean text, byte[] bytes, int length) {
    if (compressed) {
      ByteBuf content = context.alloc().buffer(length).writeBytes(bytes, 0, length);
      send(text ? new TextWebSocketFrame(content) : new BinaryWebSocketFrame(content));
      return;
    }
    ByteBuf target = room(length + MAX_HEADER_BYTES);
    target.writeByte(text ? FINAL_TEXT : FINAL_BINARY);
    if (length < 126) {
      target.writeByte(length);
    } else if (length <= 0xffff) {
      target.writeByte(126).writeShort(length);
    } else {
      target.writeByte(127).writeLong(length);
    }
    target.writeBytes(bytes, 0, length);
  }

  private ByteBuf room(int size) {
    if (chunk != null && chunk.writableBytes() < size) {
      handOver();
    }
    if (chunk == null) {
      // Most often one short message is flushed alone.
      chunk = context.alloc().buffer(Math.max(size, more ? CHUNK_BYTES : FIRST_CHUNK_BYTES));
    }
    return chunk;
  }

  /// Gives what was gathered to the channel, so that it counts as unsent.
  void handOver() {
    if (chunk != null) {
      ByteBuf full = chunk;
      chunk = null;
      more = true;
      send(full);
    }
  }

  /// Writes a frame after what was written before.
  void frame(WebSocketFrame frame) {
    handOver();
    send(frame);
  }

  private void send(Object message) {
    // What goes wrong is told to the channel's handlers, as with every void promise.
    var _ = context.write(message, context.voidPromise());
  }

  void flush() {
    handOver();
    more = false;
    context.flush();
  }

  /// Forgets what was not handed over.
  void close() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }
}
