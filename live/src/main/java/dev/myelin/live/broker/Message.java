package dev.myelin.live.broker;

import dev.myelin.model.ChannelId;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is told on a channel. Not to be changed once it is published.
///
/// Its body is made when it is first asked for, so that a message that stays in this process costs
/// no encoding.
public final class Message {
  private final ChannelId channel;
  private final String type;
  private final long offset;
  private final long previous;
  private final Instant at;
  private final Supplier<byte[]> encoding;
  private final @Nullable Object local;
  private volatile byte @Nullable [] body;

  /// A message whose body is there.
  ///
  /// @param offset its place in the channel's log; 0 if it only passes by and is kept nowhere
  /// @param previous the offset of the message before it that is kept
  /// @param body what crosses a process, in the form of the publisher: of a library the event as
  ///   JSON, of all other channels what `ChannelEvent.of` reads
  /// @param local the same as an object, where publisher and receiver share a process
  public Message(
      ChannelId channel,
      String type,
      long offset,
      long previous,
      Instant at,
      byte[] body,
      @Nullable Object local) {
    this(channel, type, offset, previous, at, () -> body, local);
  }

  /// As the other, with a body that is made when it is needed, on any thread, perhaps twice.
  public Message(
      ChannelId channel,
      String type,
      long offset,
      long previous,
      Instant at,
      Supplier<byte[]> encoding,
      @Nullable Object local) {
    this.channel = channel;
    this.type = type;
    this.offset = offset;
    this.previous = previous;
    this.at = at;
    this.encoding = encoding;
    this.local = local;
  }

  public ChannelId channel() {
    return channel;
  }

  public String type() {
    return type;
  }

  /// Its place in the channel's log; 0 if it is kept nowhere.
  public long offset() {
    return offset;
  }

  /// The offset of the message before it that is kept.
  public long previous() {
    return previous;
  }

  /// When it was committed or, if it is kept nowhere, told.
  public Instant at() {
    return at;
  }

  /// What crosses a process; owned by the message.
  public byte[] body() {
    byte[] made = body;
    if (made == null) {
      made = encoding.get();
      body = made;
    }
    return made;
  }

  /// The same as an object; null if it came from another process.
  public @Nullable Object local() {
    return local;
  }

  /// Whether it is kept nowhere.
  public boolean isEphemeral() {
    return offset == 0;
  }
}
