package dev.myelin.edge.gateway.connection;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.live.limit.Bucket;
import dev.myelin.live.limit.Line;
import dev.myelin.live.limit.Rate;
import dev.myelin.live.limit.RateKey;
import dev.myelin.live.limit.RateLimits;
import dev.myelin.live.limit.Verdict;
import dev.myelin.model.Principal;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How often a client may ask for what, and what it is told when that was too often.
public final class Limits {
  /// Types by which clients are told of their limits, one of each bucket that there is a command
  /// of.
  private static final List<String> SHOWN =
      List.of("connection.init", "channel.subscribe", "channel.presence", "channel.publish");

  private final RateLimits limits;

  public Limits(RateLimits limits) {
    this.limits = limits;
  }

  /// The limits of a connection.
  ///
  /// @param otherwise who is counted where everybody is the same principal: the client or the
  ///   address
  Line line(Principal principal, String otherwise) {
    return limits.line(key(principal, otherwise));
  }

  private static RateKey key(Principal principal, String otherwise) {
    boolean anybody = principal.equals(Principal.ANONYMOUS);
    return new RateKey(principal.tenant(), anybody ? "at " + otherwise : principal.subject());
  }

  /// Why somebody may not come in now; null if he may.
  public @Nullable GatewayError connecting(Principal principal, String otherwise) {
    return refusal(limits.check(key(principal, otherwise), Bucket.CONNECT, 1));
  }

  /// Why a command may not be carried out now; null if it may, or is to be left out in silence.
  ///
  /// @param cost as many as it has channels
  public @Nullable GatewayError refuse(GatewaySocket socket, Inbound command, long cost) {
    return refusal(check(socket, command, cost));
  }

  public Verdict check(GatewaySocket socket, Inbound command, long cost) {
    return socket.visitor().line().check(Bucket.ofType(command.type()), cost);
  }

  public static @Nullable GatewayError refusal(Verdict verdict) {
    if (!(verdict instanceof Verdict.Refused refused)) {
      return null;
    }
    GatewayError error =
        GatewayError.of(
                GatewayCode.RATE_LIMIT_EXCEEDED,
                "Too many of "
                    + refused.bucket()
                    + " (expected: "
                    + refused.rate()
                    + "). Wait before you try again.")
            .with("bucket", refused.bucket())
            .with("limit", refused.rate().limit())
            .with("window_ms", refused.rate().window().toMillis())
            .with("remaining", refused.remaining())
            .retryAfter(refused.retryAfter());
    return refused.isLast() ? error.closing() : error;
  }

  /// Writes the limits by type of event.
  public void write(JsonGenerator json) throws IOException {
    for (String type : SHOWN) {
      Rate rate = limits.config().rate(Bucket.ofType(type));
      if (!rate.isUnlimited()) {
        json.writeObjectFieldStart(type);
        json.writeNumberField("limit", rate.limit());
        json.writeNumberField("window_ms", rate.window().toMillis());
        json.writeNumberField("burst", rate.burst());
        json.writeEndObject();
      }
    }
  }
}
