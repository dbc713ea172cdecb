package dev.myelin.client.library.model;

import java.util.List;

/// What a document says.
public sealed interface Content {

  /// A text that the server parts into passages.
  record Text(String text) implements Content {}

  /// Passages, 1 to 1 000 of at most 10 000 characters.
  record Texts(List<String> texts) implements Content {
    public Texts {
      texts = List.copyOf(texts);
    }
  }

  /// Passages that bring their own embeddings.
  record Embedded(List<NewPassage> passages) implements Content {
    public Embedded {
      passages = List.copyOf(passages);
    }
  }
}
