package dev.myelin.client.library.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to change of a document. Immutable.
///
/// @param content replaces all passages in one step; null keeps them
public record DocumentChange(DocumentFields fields, @Nullable Content content) {
  /// Changes nothing yet: the start of every change.
  public static final DocumentChange NONE = new DocumentChange(DocumentFields.NONE, null);

  public DocumentChange withFields(DocumentFields other) {
    return new DocumentChange(other, content);
  }

  public DocumentChange withTitle(String title) {
    return withFields(fields.withTitle(title));
  }

  public DocumentChange withText(String text) {
    return new DocumentChange(fields, new Content.Text(text));
  }

  public DocumentChange withTexts(List<String> texts) {
    return new DocumentChange(fields, new Content.Texts(texts));
  }
}
