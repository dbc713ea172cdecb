package dev.myelin.client;

import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.client.model.Verdict;
import java.util.concurrent.CompletableFuture;

/// An observation that waits for its verdict; the future that its sender holds.
///
/// All fields that change belong to the stream's loop.
final class Pending extends CompletableFuture<Verdict> {
  final Observation observation;
  final String id;
  final Priority priority;

  /// Its place in the order in which observations came; see [Ask#after].
  long ticket;

  /// Its number in the session, 0 while it has none.
  long sequence;

  /// How often the server refused it for lack of room.
  int refusals;

  Pending(Observation observation, String id, Priority priority) {
    this.observation = observation;
    this.id = id;
    this.priority = priority;
  }
}
