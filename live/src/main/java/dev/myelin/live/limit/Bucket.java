package dev.myelin.live.limit;

import java.util.Locale;

/// What is counted together. Each has a rate of its own, so that one cannot starve another: who
/// writes too much can still cancel.
public enum Bucket {
  /// Handshakes of a user.
  CONNECT(10, 60, 5, false),
  /// Handshakes from an address, which many users may share.
  CONNECT_ADDRESS(30, 60, 30, false),
  /// Channels that are subscribed or unsubscribed, not frames.
  SUBSCRIBE(50, 60, 50, false),
  CHAT(10, 60, 5, false),
  CANCEL(60, 60, 20, false),
  TYPING(1, 1, 3, true),
  PRESENCE(20, 60, 5, true),
  CONFIGURE(20, 60, 5, false),
  UPLOAD(5, 300, 5, false),
  /// Bytes of pieces of files.
  CHUNK(8 << 20, 1, 32 << 20, false),
  INVOKE(10, 60, 3, false),
  EDIT(20, 1, 40, false),
  OTHER(100, 60, 50, false);

  private final long limit;
  private final int seconds;
  private final long burst;
  private final boolean merges;

  Bucket(long limit, int seconds, long burst, boolean merges) {
    this.limit = limit;
    this.seconds = seconds;
    this.burst = burst;
    this.merges = merges;
  }

  /// The bucket that a client's command of this type is counted in.
  public static Bucket ofType(String type) {
    return switch (type) {
      case "connection.init", "connection.reconnect" -> CONNECT;
      case "channel.subscribe", "channel.unsubscribe", "subscribe", "unsubscribe" -> SUBSCRIBE;
      case "chat.message", "chat.regenerate" -> CHAT;
      case "chat.cancel", "tool.call.response", "agent.cancel" -> CANCEL;
      case "chat.typing" -> TYPING;
      case "channel.presence", "team.presence.update" -> PRESENCE;
      case "chat.configure" -> CONFIGURE;
      case "file.upload.request" -> UPLOAD;
      case "file.chunk" -> CHUNK;
      case "agent.invoke" -> INVOKE;
      case "document.edit" -> EDIT;
      default -> OTHER;
    };
  }

  /// The rate that holds unless the configuration says another.
  public Rate usual() {
    return Rate.perSeconds(limit, seconds, burst);
  }

  /// Whether too much of it is left out in silence, because the next one says the same.
  public boolean merges() {
    return merges;
  }

  /// As the wire and the configuration have it.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
