package dev.myelin.live.session;

import java.util.Set;

/// A subscription as it is kept while its connection is gone.
///
/// @param presence how much of who is there it wants to hear
/// @param types the events it wants to hear; all if empty
/// @param deltas whether it wants pieces of texts that are being written
public record KeptSubscription(
    Position position, PresenceDetail presence, Set<String> types, boolean deltas) {
  public KeptSubscription {
    types = Set.copyOf(types);
  }
}
