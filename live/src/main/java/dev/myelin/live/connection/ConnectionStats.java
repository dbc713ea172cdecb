package dev.myelin.live.connection;

import java.util.Map;

/// How many connections there are and were.
///
/// @param open now, handshakes under way among them
/// @param registered now, those that are through their handshake
/// @param tenants that have one now
/// @param admitted in all
/// @param refused in all, by the limit that was reached
public record ConnectionStats(
    int open, int registered, int tenants, long admitted, Map<Bound, Long> refused) {
  public ConnectionStats {
    refused = Map.copyOf(refused);
  }
}
