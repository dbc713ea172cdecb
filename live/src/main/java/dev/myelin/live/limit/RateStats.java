package dev.myelin.live.limit;

import java.util.Map;

/// Figures of the limits.
///
/// @param keys users and buckets that are remembered now
/// @param refused refusals in all, by [Verdict.Refused#bucket()]
/// @param merged left out in silence, in all
/// @param unknown taken as allowed because too many keys were remembered, in all
public record RateStats(int keys, Map<String, Long> refused, long merged, long unknown) {
  public RateStats {
    refused = Map.copyOf(refused);
  }
}
