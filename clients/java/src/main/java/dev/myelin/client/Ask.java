package dev.myelin.client;

import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.RecalledMemory;
import dev.myelin.client.model.Recollection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A recall on a stream that waits for its answer.
///
/// All fields that change belong to the stream's loop.
final class Ask extends CompletableFuture<Recollection> {
  final String requestId;
  final RecallQuery query;
  final List<RecalledMemory> found = new ArrayList<>();

  /// The ticket of the last observation before it, which goes out first.
  long after;

  Ask(String requestId, RecallQuery query) {
    this.requestId = requestId;
    this.query = query;
  }
}
