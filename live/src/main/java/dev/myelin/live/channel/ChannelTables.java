package dev.myelin.live.channel;

import dev.myelin.journal.Table;
import dev.myelin.model.ChannelId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where channels are kept. A channel's key is `tenant 0 type 0 id 0`, so that none is a prefix of
/// another; numbers are 8 bytes, big-endian, so that they sort.
final class ChannelTables {
  /// Channel to [ChannelRow].
  static final Table CHANNELS = new Table("channels");

  /// Channel and offset to the event, see [EventForm].
  static final Table EVENTS = new Table("channel-events");

  /// Time in ms and channel, no value: when to look at a channel for what is too old.
  static final Table DUE = new Table("channel-due");

  /// Start of a window in ms and digest of a command to [CommandRow].
  static final Table COMMANDS = new Table("channel-commands");

  /// One pair, under [#BASE_KEY]: what the epochs of channels without a row are made of.
  static final Table BASE = new Table("channel-base");

  static final byte[] BASE_KEY = {};

  private ChannelTables() {}

  static byte[] key(ChannelId channel) {
    String key = channel.tenant() + '\0' + channel.type().word() + '\0' + channel.id() + '\0';
    return key.getBytes(StandardCharsets.UTF_8);
  }

  /// The key of an event.
  static byte[] event(byte[] channel, long offset) {
    return ByteBuffer.allocate(channel.length + Long.BYTES).put(channel).putLong(offset).array();
  }

  /// The offset in an event's key.
  static long offset(byte[] event) {
    return ByteBuffer.wrap(event).getLong(event.length - Long.BYTES);
  }

  static byte[] due(long millis, byte[] channel) {
    return ByteBuffer.allocate(Long.BYTES + channel.length).putLong(millis).put(channel).array();
  }

  /// The time in a key that begins with one.
  static long millis(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  /// The channel in a key that begins with a time.
  static byte[] dueChannel(byte[] due) {
    return Arrays.copyOfRange(due, Long.BYTES, due.length);
  }

  /// A number as a value, or as the beginning of a key.
  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
