package dev.myelin.library;

import dev.myelin.library.chunk.Chunker;
import dev.myelin.library.chunk.Span;
import dev.myelin.library.document.NewPassage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the passages of a document: cuts its text, or places the passages it came with one after
/// the other.
final class PassageMaker {
  private final Chunker chunker;
  private final DocumentRules rules;

  PassageMaker(LibraryConfig config, DocumentRules rules) {
    chunker = new Chunker(config.chunks(), config.maxPassageCharacters());
    this.rules = rules;
  }

  /// A passage with its place in the document.
  record Placed(NewPassage passage, int start) {}

  /// @throws dev.myelin.model.ServiceException INVALID_DOCUMENT if there are too many
  List<Placed> make(@Nullable String text, List<NewPassage> passages) {
    List<Placed> placed = new ArrayList<>();
    if (text != null) {
      for (Span span : chunker.cut(text)) {
        placed.add(new Placed(NewPassage.of(span.text()), span.start()));
      }
      rules.checkCount(placed.size());
    } else {
      int start = 0;
      for (NewPassage passage : passages) {
        placed.add(new Placed(passage, start));
        // As if they stood with an empty line between them.
        start += passage.text().length() + 2;
      }
    }
    return placed;
  }
}
