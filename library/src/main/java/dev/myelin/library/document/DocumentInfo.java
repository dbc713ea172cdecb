package dev.myelin.library.document;

import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.List;

/// A document of a library.
///
/// @param passages in order; empty in lists
/// @param passageCount how many it has, in lists too
/// @param version grows with every change, from 1: its ETag
public record DocumentInfo(
    String id,
    SpaceId library,
    DocumentMeta meta,
    List<Passage> passages,
    int passageCount,
    Instant createdAt,
    Instant updatedAt,
    long version) {
  public DocumentInfo {
    passages = List.copyOf(passages);
  }
}
