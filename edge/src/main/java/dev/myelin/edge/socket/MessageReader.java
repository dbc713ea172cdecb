package dev.myelin.edge.socket;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.function.IntFunction;

/// Makes messages of data frames: joins fragments, checks UTF-8 as it comes in, keeps the limit.
///
/// Confined to the event loop.
final class MessageReader {
  private final int maxBytes;
  private final boolean skips;
  private final IntFunction<byte[]> scratch;
  private final Taker taker;
  private final MessageAssembly assembly;
  private boolean skipping;

  /// @param maxBytes of a message
  /// @param skips whether a message that is too long is passed over rather than refused
  /// @param scratch lends an array of at least that size, for as long as a message is told
  MessageReader(int maxBytes, boolean skips, IntFunction<byte[]> scratch, Taker taker) {
    this.maxBytes = maxBytes;
    this.skips = skips;
    this.scratch = scratch;
    this.taker = taker;
    this.assembly = new MessageAssembly(maxBytes);
  }

  /// What comes of it.
  interface Taker {
    /// A message is whole.
    ///
    /// @param bytes to be used only now
    void message(boolean text, byte[] bytes, int length);

    /// A text is no UTF-8 from that byte on.
    void notUtf8(int invalid, int length);

    /// A message is longer than it may be.
    void tooLarge();

    /// The last of a message that is longer than it may be has come, and was passed over.
    void skipped();
  }

  void frame(WebSocketFrame frame) {
    if (skipping) {
      skip(frame);
    } else if (frame.isFinalFragment() && !assembly.isOpen()) {
      whole(frame);
    } else {
      fragment(frame);
    }
  }

  /// Passes over what is left of the message that has begun.
  void skipRest() {
    skipping = true;
  }

  private void skip(WebSocketFrame frame) {
    assembly.end();
    if (frame.isFinalFragment()) {
      skipping = false;
      taker.skipped();
    }
  }

  /// A message of one frame.
  private void whole(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    int length = content.readableBytes();
    if (length > maxBytes) {
      taker.tooLarge();
      return;
    }
    byte[] bytes = scratch.apply(length);
    content.getBytes(content.readerIndex(), bytes, 0, length);
    boolean text = frame instanceof TextWebSocketFrame;
    int invalid = text ? Utf8.firstInvalid(bytes, length) : Utf8.VALID;
    if (invalid == Utf8.VALID) {
      taker.message(text, bytes, length);
    } else {
      taker.notUtf8(invalid, length);
    }
  }

  private void fragment(WebSocketFrame frame) {
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      assembly.begin(frame instanceof TextWebSocketFrame);
    }
    if (!assembly.add(frame.content())) {
      if (skips) {
        skipping = true;
        skip(frame);
      } else {
        taker.tooLarge();
      }
      return;
    }
    int invalid = assembly.firstInvalid(frame.isFinalFragment());
    if (invalid != Utf8.VALID) {
      taker.notUtf8(invalid, assembly.length());
      assembly.end();
    } else if (frame.isFinalFragment()) {
      taker.message(assembly.isText(), assembly.bytes(), assembly.length());
      assembly.end();
    }
  }

  /// Forgets what has come of a message.
  void close() {
    assembly.end();
  }
}
