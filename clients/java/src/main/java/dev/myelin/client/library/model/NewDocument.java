package dev.myelin.client.library.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A document that is to be added. Immutable.
///
/// @param id 1 to 128 characters, unique in its library; null lets the server choose
/// @param fields what is said about it
/// @param deferEmbedding answers before the text has its embedding: found by its words until then
public record NewDocument(
    @Nullable String id, DocumentFields fields, Content content, boolean deferEmbedding) {

  /// A document of one text, which the server parts into passages.
  public static NewDocument of(String title, String text) {
    return of(title, new Content.Text(text));
  }

  /// A document of passages.
  public static NewDocument ofTexts(String title, List<String> texts) {
    return of(title, new Content.Texts(texts));
  }

  /// A document of passages that bring their own embeddings.
  public static NewDocument ofPassages(String title, List<NewPassage> passages) {
    return of(title, new Content.Embedded(passages));
  }

  private static NewDocument of(String title, Content content) {
    return new NewDocument(null, DocumentFields.NONE.withTitle(title), content, false);
  }

  public NewDocument withId(String chosen) {
    return new NewDocument(chosen, fields, content, deferEmbedding);
  }

  public NewDocument withFields(DocumentFields other) {
    return new NewDocument(id, other, content, deferEmbedding);
  }

  public NewDocument withTags(String... tags) {
    return withFields(fields.withTags(List.of(tags)));
  }

  public NewDocument withMetadata(Map<String, Object> pairs) {
    return withFields(fields.withMetadata(pairs));
  }

  public NewDocument deferringEmbedding() {
    return new NewDocument(id, fields, content, true);
  }
}
