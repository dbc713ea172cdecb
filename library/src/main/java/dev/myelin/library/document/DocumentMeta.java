package dev.myelin.library.document;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is said about a document.
///
/// @param metadata anything that JSON can say; searches filter by its texts, numbers, booleans and
///   lists of those
public record DocumentMeta(
    String title,
    @Nullable String author,
    String documentType,
    @Nullable String sourceUrl,
    List<String> tags,
    Map<String, @Nullable Object> metadata) {
  public static final String DEFAULT_TITLE = "Untitled";
  public static final String DEFAULT_TYPE = "text";

  public DocumentMeta {
    tags = List.copyOf(tags);
  }

  /// A title and nothing else.
  public static DocumentMeta titled(String title) {
    return new DocumentMeta(title, null, DEFAULT_TYPE, null, List.of(), Map.of());
  }

  public DocumentMeta withMetadata(Map<String, @Nullable Object> other) {
    return new DocumentMeta(title, author, documentType, sourceUrl, tags, other);
  }

  public DocumentMeta withTags(List<String> other) {
    return new DocumentMeta(title, author, documentType, sourceUrl, other, metadata);
  }
}
