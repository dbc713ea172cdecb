package dev.myelin.edge.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates what a client sends (RFC 7692, section 6.2), frame by frame, each message for itself,
/// and refuses reserved bits where they mean nothing.
///
/// **Bounds.** A message is inflated up to a bound and no further. Between messages nothing is
/// held.
///
/// Confined to the channel's event loop.
final class Inflation extends ChannelInboundHandlerAdapter {
  private static final int COMPRESSED = 4;
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
  private static final int CHUNK_BYTES = 8 * 1024;

  private final int maxBytes;
  private @Nullable Inflater inflater;
  private int inflated;

  /// The rest of a message that could not be inflated is dropped.
  private boolean dropping;

  Inflation(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (!(message instanceof WebSocketFrame frame)) {
      context.fireChannelRead(message);
    } else if (!mayHaveItsBits(frame)) {
      frame.release();
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.PROTOCOL_ERROR, "reserved bits: " + frame.rsv());
    } else if (frame.rsv() == COMPRESSED) {
      end();
      inflater = new Inflater(true);
      inflate(context, inflater, frame);
    } else if (frame instanceof ContinuationWebSocketFrame && dropping) {
      dropping = !frame.isFinalFragment();
      frame.release();
    } else if (frame instanceof ContinuationWebSocketFrame && inflater != null) {
      inflate(context, inflater, frame);
    } else {
      context.fireChannelRead(frame);
    }
  }

  private static boolean mayHaveItsBits(WebSocketFrame frame) {
    return frame.rsv() == 0
        || (frame.rsv() == COMPRESSED
            && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame));
  }

  private void inflate(ChannelHandlerContext context, Inflater source, WebSocketFrame frame) {
    boolean last = frame.isFinalFragment();
    ByteBuf content = context.alloc().buffer();
    try {
      source.setInput(bytes(frame.content()));
      drain(source, content);
      if (last) {
        source.setInput(TAIL);
        drain(source, content);
      }
      context.fireChannelRead(like(frame, content.retain()));
    } catch (DataFormatException e) {
      dropping = !last;
      throw new DecompressionException("not compressed", e);
    } catch (DecompressionException e) {
      dropping = !last;
      throw e;
    } finally {
      content.release();
      frame.release();
      if (last || dropping) {
        end();
      }
    }
  }

  private static byte[] bytes(ByteBuf content) {
    byte[] bytes = new byte[content.readableBytes()];
    content.getBytes(content.readerIndex(), bytes);
    return bytes;
  }

  private void drain(Inflater source, ByteBuf content) throws DataFormatException {
    byte[] chunk = new byte[Math.min(CHUNK_BYTES, maxBytes + 1)];
    int size = source.inflate(chunk);
    while (size > 0) {
      inflated += size;
      if (inflated > maxBytes) {
        throw new DecompressionException("longer than " + maxBytes);
      }
      content.writeBytes(chunk, 0, size);
      size = source.inflate(chunk);
    }
    if (source.needsDictionary()) {
      throw new DataFormatException("it wants a dictionary");
    }
  }

  private static WebSocketFrame like(WebSocketFrame frame, ByteBuf content) {
    boolean last = frame.isFinalFragment();
    return switch (frame) {
      case TextWebSocketFrame _ -> new TextWebSocketFrame(last, 0, content);
      case BinaryWebSocketFrame _ -> new BinaryWebSocketFrame(last, 0, content);
      default -> new ContinuationWebSocketFrame(last, 0, content);
    };
  }

  private void end() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
    inflated = 0;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end();
  }
}
