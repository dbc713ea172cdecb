package dev.myelin.live.channel;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The form in which an event is kept and crosses processes, big-endian: version (1 byte), time in
/// ms (8), previous offset (8), then id, type, correlation id and sender, each as length (4, -1 for
/// none) and UTF-8, then the payload as it came. Channel and offset stand beside it.
final class EventForm {
  private static final byte VERSION = 1;
  private static final int FIXED = 1 + 8 + 8 + 4 * Integer.BYTES;

  private EventForm() {}

  static byte[] encode(ChannelEvent event) {
    byte[] id = utf8(event.id());
    byte[] type = utf8(event.type());
    byte[] correlation = utf8(event.correlationId());
    byte[] sender = utf8(event.sender());
    int texts = id.length + type.length + correlation.length + sender.length;
    ByteBuffer form =
        ByteBuffer.allocate(FIXED + texts + event.payload().length)
            .put(VERSION)
            .putLong(event.at().toEpochMilli())
            .putLong(event.previous());
    put(form, id, true);
    put(form, type, true);
    put(form, correlation, event.correlationId() != null);
    put(form, sender, event.sender() != null);
    return form.put(event.payload()).array();
  }

  /// @throws ServiceException STORAGE_UNUSABLE if it is of another version or cut
  static ChannelEvent decode(ChannelId channel, long offset, byte[] bytes) {
    try {
      ByteBuffer form = ByteBuffer.wrap(bytes);
      if (form.get() != VERSION) {
        throw unreadable(channel, offset);
      }
      Instant at = Instant.ofEpochMilli(form.getLong());
      long previous = form.getLong();
      String id = text(form);
      String type = text(form);
      String correlation = text(form);
      String sender = text(form);
      byte[] payload = new byte[form.remaining()];
      form.get(payload);
      if (id == null || type == null) {
        throw unreadable(channel, offset);
      }
      return new ChannelEvent(
          channel, id, type, offset, previous, at, correlation, sender, payload);
    } catch (BufferUnderflowException | NegativeArraySizeException _) {
      throw unreadable(channel, offset);
    }
  }

  /// The time of an event, in ms.
  static long millis(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong(1);
  }

  private static byte[] utf8(@Nullable String text) {
    return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ByteBuffer form, byte[] text, boolean there) {
    form.putInt(there ? text.length : -1).put(text);
  }

  private static @Nullable String text(ByteBuffer form) {
    int length = form.getInt();
    if (length == -1) {
      return null;
    }
    if (length > form.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    form.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static ServiceException unreadable(ChannelId channel, long offset) {
    return new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "Event "
            + offset
            + " of "
            + channel
            + " cannot be read (expected: version "
            + VERSION
            + "). It was written by a newer server, or the data folder is damaged.");
  }
}
