package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.live.timer.Timeout;
import dev.myelin.model.Principal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a visitor showed, and how long that holds: it is warned before a token ends, may listen for
/// a moment after it, and goes at once when the credential is revoked.
///
/// Confined to the connection's event loop.
final class Pass {
  private static final Duration WARNING = Duration.ofSeconds(60);

  private final GatewaySocket socket;
  private final KeyWatch.Watched watched;
  private @Nullable Timeout expiry;
  private boolean isOver;
  private boolean closed;

  Pass(GatewaySocket socket, Principal who) {
    this.socket = socket;
    watched =
        socket.ground().access().keys().watchRevocation(who, () -> socket.execute(this::revoked));
    Instant end = who.expiresAt();
    if (end != null) {
      expiry = socket.later(until(end).minus(WARNING), () -> expiring(end));
    }
  }

  /// Whether its token has expired, and the visitor may only listen for a moment.
  boolean isOver() {
    return isOver;
  }

  /// Another one is shown, or nobody is there to show it.
  void close() {
    closed = true;
    watched.close();
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
  }

  private Duration until(Instant end) {
    return Duration.between(socket.ground().clock().instant(), end);
  }

  private void revoked() {
    if (!closed) {
      socket
          .faults()
          .fail(
              GatewayError.of(
                      GatewayCode.INVALID_TOKEN,
                      "What this connection was opened with was revoked. Connect again with"
                          + " another credential.")
                  .closing(),
              false);
    }
  }

  private void expiring(Instant end) {
    if (closed) {
      return;
    }
    socket
        .out()
        .say(
            Envelope.of(
                "connection.token_expiring",
                json -> {
                  json.writeStartObject();
                  json.writeStringField("expires_at", Envelopes.time(end));
                  json.writeNumberField("expires_in_ms", Math.max(0, until(end).toMillis()));
                  json.writeEndObject();
                }));
    expiry = socket.later(until(end), this::expired);
    socket.out().flushNow();
  }

  private void expired() {
    if (!closed) {
      isOver = true;
      expiry = socket.later(socket.ground().options().grace(), this::graceOver);
    }
  }

  private void graceOver() {
    if (!closed) {
      socket
          .faults()
          .fail(
              GatewayError.of(
                      GatewayCode.TOKEN_EXPIRED,
                      "The token has expired. Get another one, connect again and resume.")
                  .closing(),
              true);
    }
  }
}
