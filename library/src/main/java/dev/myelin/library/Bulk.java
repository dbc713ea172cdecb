package dev.myelin.library;

import dev.myelin.library.PassageMaker.Placed;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.feed.FeedBatch;
import dev.myelin.library.store.DocumentRow;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Documents that are changed several in one write, together with rows of whoever changes them.
///
/// What takes time is done before the write, on any thread; what gets a [FeedBatch] runs inside it.
public final class Bulk {
  private final Documents documents;
  private final DocumentStore store;
  private final Preparation preparation;

  Bulk(Documents documents, DocumentStore store, Preparation preparation) {
    this.documents = documents;
    this.store = store;
    this.preparation = preparation;
  }

  /// A document that can be added, or why it cannot: exactly one of the two is there.
  public record Prepared(@Nullable DocumentDraft draft, @Nullable ServiceException failure) {
    public static Prepared failed(ServiceException failure) {
      return new Prepared(null, failure);
    }
  }

  /// Whether a failure is that of one document, so that others may fare better.
  public static boolean isOfOne(ServiceException failure) {
    return failure.code().number() < 2000;
  }

  /// Checks, cuts and embeds documents. Blocks.
  ///
  /// @return one for each, in order
  /// @throws ServiceException what is the trouble of no document alone, such as a model that cannot
  ///   answer now
  public List<Prepared> prepare(SpaceId library, List<NewDocument> added) {
    try {
      return together(library, added);
    } catch (ServiceException e) {
      if (!isOfOne(e)) {
        throw e;
      }
      return added.size() == 1
          ? List.of(Prepared.failed(e))
          : added.stream().flatMap(one -> prepare(library, List.of(one)).stream()).toList();
    }
  }

  private List<Prepared> together(SpaceId library, List<NewDocument> added) {
    List<List<Placed>> cut =
        added.stream().map(document -> preparation.cut(library, document)).toList();
    List<Placed> waiting = new ArrayList<>();
    for (int i = 0; i < added.size(); i++) {
      if (!added.get(i).deferEmbedding()) {
        waiting.addAll(cut.get(i));
      }
    }
    List<Placed> embedded = preparation.embed(library, waiting);
    List<Prepared> prepared = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < added.size(); i++) {
      NewDocument document = added.get(i);
      List<Placed> placed = cut.get(i);
      if (!document.deferEmbedding()) {
        placed = embedded.subList(next, next + placed.size());
        next += placed.size();
      }
      String given = document.id();
      String id = given == null ? UUID.randomUUID().toString() : given;
      prepared.add(new Prepared(documents.draft(id, document, placed), null));
    }
    return prepared;
  }

  /// Adds a document, and tells of it.
  ///
  /// @return false if its id is taken: nothing was changed
  /// @throws ServiceException DIMENSION_MISMATCH: part of it may be in the batch, which must not be
  ///   committed
  public boolean add(FeedBatch batch, DocumentDraft draft) {
    if (Documents.isTaken(batch, draft.id())) {
      return false;
    }
    Documents.add(batch, draft);
    return true;
  }

  /// How many passages a document has; empty if there is none of that id.
  public OptionalInt passages(SpaceId library, String documentId) {
    DocumentRow row = store.row(library, documentId);
    return row == null ? OptionalInt.empty() : OptionalInt.of(row.passages().size());
  }

  /// Deletes a document, and tells of it.
  ///
  /// @return false if there is none of that id
  public boolean delete(FeedBatch batch, String documentId) {
    if (!Documents.isTaken(batch, documentId)) {
      return false;
    }
    var _ = Documents.delete(batch, documentId, null);
    return true;
  }

  /// The next version of a document, with embeddings made anew. Blocks.
  ///
  /// @param document with its passages
  /// @throws ServiceException UNSUPPORTED if there is no model, or the library has embeddings of
  ///   another length; what the model says while it cannot answer
  public DocumentDraft embedAnew(SpaceId library, DocumentInfo document) {
    List<Placed> bare =
        document.passages().stream()
            .map(passage -> new Placed(NewPassage.of(passage.text()), passage.start()))
            .toList();
    List<Placed> placed = preparation.embed(library, bare);
    if (placed.stream().anyMatch(one -> one.passage().embedding() == null)) {
      throw new ServiceException(
          ErrorCode.UNSUPPORTED,
          "No model makes embeddings for library "
              + library
              + ": there is none, or the library has embeddings of another length. Configure one"
              + " that fits (embedding.provider), or send embeddings with the documents.");
    }
    return documents.successor(document, document.meta(), placed);
  }

  /// Puts the next version of a document into its place, and tells of it.
  ///
  /// @return false if it is gone, or another version meanwhile: nothing was changed
  public boolean replace(FeedBatch batch, DocumentDraft draft) {
    try {
      Documents.replace(batch, draft);
      return true;
    } catch (ServiceException e) {
      if (e.code() == ErrorCode.DOCUMENT_NOT_FOUND || e.code() == ErrorCode.PRECONDITION_FAILED) {
        return false;
      }
      throw e;
    }
  }
}
