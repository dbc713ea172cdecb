package dev.myelin.live.limit;

import org.jspecify.annotations.Nullable;

/// The second line of the limits: what one connection may do, whoever it is of. Its refusals are
/// counted here, so that one device that storms does not close the others of its user.
///
/// **Threads.** One at a time: the connection's event loop.
public final class Line {
  private final RateLimits limits;
  private RateKey key;
  private @Nullable TokenBucket frames;
  private @Nullable StrikeCount strikes;

  Line(RateLimits limits, RateKey key) {
    this.limits = limits;
    this.key = key;
  }

  /// Takes the tokens of somebody else from now on, because only now it is known who it is.
  public void belongsTo(RateKey owner) {
    key = owner;
  }

  /// Takes tokens of the connection and of its user.
  ///
  /// @param cost how many of the user's: 1, or as many as the frame has channels or bytes
  public Verdict check(Bucket bucket, long cost) {
    TokenBucket.Kind ofConnection = limits.perConnection();
    if (ofConnection != null) {
      if (frames == null) {
        frames = new TokenBucket(ofConnection);
      }
      TokenBucket.Taken taken = frames.take(1);
      if (!taken.enough()) {
        return limits.refuse(strikes(), "connection", taken, ofConnection.rate);
      }
    }
    return limits.check(key, bucket, cost, this::strikes);
  }

  private StrikeCount strikes() {
    if (strikes == null) {
      strikes = limits.newStrikes();
    }
    return strikes;
  }
}
