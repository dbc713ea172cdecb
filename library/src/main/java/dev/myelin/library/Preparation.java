package dev.myelin.library;

import dev.myelin.journal.Journal;
import dev.myelin.library.PassageMaker.Placed;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.space.SpaceRow;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.List;

/// What happens to a document before it is committed: checked, cut, embedded. Blocks; any thread.
final class Preparation {
  private final Journal journal;
  private final DocumentRules rules;
  private final PassageMaker maker;
  private final Meanings meanings;

  Preparation(Journal journal, LibraryConfig config, Meanings meanings) {
    this.journal = journal;
    rules = new DocumentRules(config);
    maker = new PassageMaker(config, rules);
    this.meanings = meanings;
  }

  /// The dimension of a library's embeddings, 0 while it is not settled.
  int dimension(SpaceId library) {
    byte[] row = journal.get(SpaceTables.SPACES, LibraryTables.key(library));
    return row == null ? 0 : SpaceRow.decode(row).dimension();
  }

  /// The passages of a document with their embeddings.
  List<Placed> prepare(SpaceId library, NewDocument document) {
    List<Placed> placed = cut(library, document);
    return document.deferEmbedding() ? placed : embed(library, placed);
  }

  /// The passages of a document as it came.
  ///
  /// @throws ServiceException INVALID_DOCUMENT, DIMENSION_MISMATCH
  List<Placed> cut(SpaceId library, NewDocument document) {
    rules.check(document);
    List<Placed> placed = maker.make(document.text(), document.passages());
    int expected = dimension(library);
    for (int i = 0; i < placed.size(); i++) {
      Embedding embedding = placed.get(i).passage().embedding();
      if (embedding != null && expected != 0 && embedding.dimension() != expected) {
        throw wrongDimension(i, embedding.dimension(), expected);
      }
      expected = embedding == null ? expected : embedding.dimension();
    }
    return placed;
  }

  private static ServiceException wrongDimension(int index, int actual, int expected) {
    return new ServiceException(
        ErrorCode.DIMENSION_MISMATCH,
        "Invalid document: chunks["
            + index
            + "].embedding has "
            + actual
            + " values (expected: "
            + expected
            + "). Send embeddings of that length, or use another library.");
  }

  /// The same passages with the embeddings they miss.
  List<Placed> embed(SpaceId library, List<Placed> placed) {
    return meanings.of(placed, dimension(library));
  }
}
