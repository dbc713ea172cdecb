package dev.myelin.client.library.model;

import java.time.Instant;
import java.util.List;

/// A document as a library keeps it.
///
/// @param text its passages as one text again; empty in lists
/// @param passages empty in lists
/// @param version grows with each change; what `ifVersion` is compared with
public record Document(
    String id,
    String libraryId,
    DocumentFields fields,
    String text,
    int passageCount,
    List<Passage> passages,
    Times times,
    long version) {

  /// When it was added and changed.
  public record Times(Instant createdAt, Instant updatedAt) {}

  public Document {
    passages = List.copyOf(passages);
  }

  public String title() {
    return fields.title() == null ? "" : fields.title();
  }
}
