package dev.myelin.client.library.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is said about a document; null is not said, and in a change stays as it is. Immutable.
///
/// @param title 1 to 500 characters
/// @param type such as `text`, which is the default
/// @param metadata texts, numbers, truth values, lists and maps of them; searches can filter by
///   each
public record DocumentFields(
    @Nullable String title,
    @Nullable String author,
    @Nullable String type,
    @Nullable String sourceUrl,
    @Nullable List<String> tags,
    @Nullable Map<String, Object> metadata) {
  /// Nothing is said: the start of all.
  public static final DocumentFields NONE = new DocumentFields(null, null, null, null, null, null);

  public DocumentFields {
    tags = tags == null ? null : List.copyOf(tags);
    metadata = metadata == null ? null : Map.copyOf(metadata);
  }

  public DocumentFields withTitle(String text) {
    return new DocumentFields(text, author, type, sourceUrl, tags, metadata);
  }

  public DocumentFields withAuthor(String name) {
    return new DocumentFields(title, name, type, sourceUrl, tags, metadata);
  }

  public DocumentFields withType(String name) {
    return new DocumentFields(title, author, name, sourceUrl, tags, metadata);
  }

  public DocumentFields withSourceUrl(String url) {
    return new DocumentFields(title, author, type, url, tags, metadata);
  }

  public DocumentFields withTags(List<String> all) {
    return new DocumentFields(title, author, type, sourceUrl, all, metadata);
  }

  public DocumentFields withMetadata(Map<String, Object> pairs) {
    return new DocumentFields(title, author, type, sourceUrl, tags, pairs);
  }
}
