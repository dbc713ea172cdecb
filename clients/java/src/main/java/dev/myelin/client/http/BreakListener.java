package dev.myelin.client.http;

import dev.myelin.client.model.MyelinException;
import java.time.Duration;

/// Hears that a follower lost its connection; nothing is lost by it. Called on the reader's thread.
@FunctionalInterface
public interface BreakListener {
  /// The connection is gone.
  ///
  /// @param wait until the next attempt
  void broke(MyelinException reason, Duration wait);
}
