package dev.myelin.library.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A document that is to be added: one text that the server cuts, or passages as they are.
///
/// @param id 1 to 128 characters of `A-Z`, `a-z`, `0-9`, `_`, `-`, `.` and `:`; null for a new UUID
/// @param text null if passages are given
/// @param passages empty if a text is given
/// @param deferEmbedding whether it may be found by its words alone for a moment, which makes
///   adding faster
public record NewDocument(
    @Nullable String id,
    DocumentMeta meta,
    @Nullable String text,
    List<NewPassage> passages,
    boolean deferEmbedding) {
  public NewDocument {
    passages = List.copyOf(passages);
  }

  /// A document whose text the server cuts.
  public static NewDocument ofText(String title, String text) {
    return new NewDocument(null, DocumentMeta.titled(title), text, List.of(), false);
  }

  /// A document of passages as they are.
  public static NewDocument ofPassages(String title, List<NewPassage> passages) {
    return new NewDocument(null, DocumentMeta.titled(title), null, passages, false);
  }

  public NewDocument withId(String chosen) {
    return new NewDocument(chosen, meta, text, passages, deferEmbedding);
  }

  public NewDocument withMeta(DocumentMeta other) {
    return new NewDocument(id, other, text, passages, deferEmbedding);
  }

  public NewDocument deferred() {
    return new NewDocument(id, meta, text, passages, true);
  }
}
