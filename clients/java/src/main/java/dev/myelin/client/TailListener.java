package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.SpaceEvent;
import java.time.Duration;

/// Hears what happens in a space. Called on the client's own thread: must be quick and must not
/// block.
@FunctionalInterface
public interface TailListener {
  void event(SpaceEvent event);

  /// The connection broke; the next attempt follows after the wait.
  default void disconnected(MyelinException reason, Duration wait) {}
}
