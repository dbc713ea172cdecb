package dev.myelin.client.library.model;

import java.util.List;

/// What became of each of many, in the order in which they were sent.
public record BatchResult(List<ItemResult> results) {
  public BatchResult {
    results = List.copyOf(results);
  }

  public long done() {
    return results.stream().filter(ItemResult::isDone).count();
  }

  public long failed() {
    return results.size() - done();
  }
}
