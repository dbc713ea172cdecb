package dev.myelin.edge.socket;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Joins the frames of one message, up to a bound. Empty between messages.
final class MessageAssembly {
  private static final byte[] NOTHING = {};

  private final int maxBytes;
  private byte[] bytes = NOTHING;
  private int length;

  /// Where the first character begins that was not whole yet when it was looked at.
  private int checked;

  private boolean open;
  private boolean text;

  MessageAssembly(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Whether a message has begun and not ended.
  boolean isOpen() {
    return open;
  }

  void begin(boolean isText) {
    open = true;
    text = isText;
  }

  /// Adds a frame's content; returns false, and forgets the message, if it is too long now.
  boolean add(ByteBuf content) {
    int size = content.readableBytes();
    if (size > maxBytes - length) {
      end();
      return false;
    }
    if (bytes.length - length < size) {
      int room = (int) Math.min(maxBytes, Math.max(2L * bytes.length, length + size));
      bytes = Arrays.copyOf(bytes, room);
    }
    content.getBytes(content.readerIndex(), bytes, length, size);
    length += size;
    return true;
  }

  /// Where what has come of a text is no UTF-8 and cannot become it either, or [Utf8#VALID]. Each
  /// byte is looked at once.
  ///
  /// @param whole whether nothing more comes
  int firstInvalid(boolean whole) {
    if (!text) {
      return Utf8.VALID;
    }
    checked = Utf8.endOfWhole(bytes, checked, length);
    boolean good = checked == length || (!whole && Utf8.mayGoOn(bytes, checked, length));
    return good ? Utf8.VALID : checked;
  }

  boolean isText() {
    return text;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// Forgets the message.
  void end() {
    open = false;
    bytes = NOTHING;
    length = 0;
    checked = 0;
  }
}
