package dev.myelin.edge.channel;

import dev.myelin.live.limit.Bucket;
import dev.myelin.live.limit.RateKey;
import dev.myelin.live.limit.RateLimits;
import dev.myelin.live.limit.Verdict;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;

/// How often users may publish by requests: as often as on connections, from the same tokens, by
/// the type of the event. Who shows a key is a back end that speaks for many, and is not limited
/// here. Any thread.
public final class Pace {
  private final RateLimits limits;

  public Pace(RateLimits limits) {
    this.limits = limits;
  }

  /// Takes a token for an event.
  ///
  /// @return whether it is to be published; if not, it is one too many of a kind of which the next
  ///   says the same
  /// @throws ServiceException RATE_LIMITED if there are too many, with the time to wait
  boolean admits(Principal principal, Publication event) {
    if (!(principal.proof() instanceof Principal.Proof.Token)) {
      return true;
    }
    RateKey user = new RateKey(principal.tenant(), principal.subject());
    return switch (limits.check(user, Bucket.ofType(event.type()), 1)) {
      case Verdict.Allowed _ -> true;
      case Verdict.Merged _ -> false;
      case Verdict.Refused refused ->
          throw new ServiceException(
              ErrorCode.RATE_LIMITED,
              "Too many of "
                  + refused.bucket()
                  + " (expected: "
                  + refused.rate()
                  + "). Wait before you try again, or publish with the API key of a back end.",
              refused.retryAfter());
    };
  }
}
