package dev.myelin.live.connection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is told about a connection to those who administer the server: nothing of it is secret.
///
/// @param id public, of this connection only
/// @param subject whose it is: the user
/// @param clientId as the client named itself, null if it did not
/// @param address where it comes from
/// @param kind `websocket`, `sse` and so on
/// @param traffic what went through it
public record ConnectionInfo(
    String id,
    String tenant,
    String subject,
    @Nullable String clientId,
    String address,
    String kind,
    Instant connectedAt,
    Traffic traffic) {

  /// What went through a connection until now.
  ///
  /// @param channels subscriptions now
  /// @param received messages from the client
  /// @param sent messages to the client
  /// @param waitingBytes in its outbox now
  public record Traffic(int channels, long received, long sent, long waitingBytes) {
    public static final Traffic NONE = new Traffic(0, 0, 0, 0);
  }
}
