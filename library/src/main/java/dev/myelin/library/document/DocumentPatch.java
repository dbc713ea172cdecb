package dev.myelin.library.document;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to change of a document; null leaves it as it is. A text or passages replace all its
/// passages.
///
/// @param metadata replaces all of it
/// @param ifVersion changes only the document of this version
public record DocumentPatch(
    @Nullable String title,
    @Nullable String author,
    @Nullable String documentType,
    @Nullable String sourceUrl,
    @Nullable List<String> tags,
    @Nullable Map<String, @Nullable Object> metadata,
    @Nullable String text,
    @Nullable List<NewPassage> passages,
    @Nullable Long ifVersion) {

  /// Another text and nothing else.
  public static DocumentPatch ofText(String text) {
    return new DocumentPatch(null, null, null, null, null, null, text, null, null);
  }

  /// Other passages and nothing else.
  public static DocumentPatch ofPassages(List<NewPassage> passages) {
    return new DocumentPatch(null, null, null, null, null, null, null, passages, null);
  }

  public DocumentPatch ifVersion(long version) {
    return new DocumentPatch(
        title, author, documentType, sourceUrl, tags, metadata, text, passages, version);
  }

  /// What is said about the document afterwards.
  public DocumentMeta applied(DocumentMeta before) {
    return new DocumentMeta(
        title == null ? before.title() : title,
        author == null ? before.author() : author,
        documentType == null ? before.documentType() : documentType,
        sourceUrl == null ? before.sourceUrl() : sourceUrl,
        tags == null ? before.tags() : tags,
        metadata == null ? before.metadata() : metadata);
  }
}
