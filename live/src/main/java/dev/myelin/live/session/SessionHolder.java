package dev.myelin.live.session;

import java.util.List;
import java.util.concurrent.CompletionStage;

/// The connection that has a session now.
public interface SessionHolder {
  /// Another connection resumed the session: this one has lost it, stops sending, tells its client
  /// so (4016) and closes. Called once, on any thread; returns at once.
  ///
  /// @return its subscriptions with how far each has come, when nothing more will be sent
  CompletionStage<List<KeptSubscription>> handOver();
}
