package dev.myelin.library;

import dev.myelin.library.PassageMaker.Placed;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.Passage;
import dev.myelin.library.document.PassagePairs;
import dev.myelin.library.store.DocumentRow;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.space.Draft;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Episode;
import dev.myelin.model.MemoryType;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A document whose passages are ready to be committed.
public final class DocumentDraft {
  private final String id;
  private final DocumentRow row;
  private final byte[] encodedRow;
  private final List<Draft> drafts;
  private final List<Passage> passages;

  private DocumentDraft(String id, DocumentRow row, List<Draft> drafts, List<Passage> passages) {
    this.id = id;
    this.row = row;
    encodedRow = row.encode();
    this.drafts = drafts;
    this.passages = passages;
  }

  /// When a document comes into being and what version it has.
  record Age(Instant createdAt, Instant updatedAt, long version) {}

  static DocumentDraft of(
      MemoryEngine memories, String id, DocumentMeta meta, Age age, List<Placed> placed) {
    Map<String, String> shared = PassagePairs.of(id, meta, age.createdAt);
    List<Draft> drafts = new ArrayList<>(placed.size());
    List<Passage> passages = new ArrayList<>(placed.size());
    List<String> ids = new ArrayList<>(placed.size());
    List<Integer> starts = new ArrayList<>(placed.size());
    for (Placed one : placed) {
      int index = drafts.size();
      Draft draft =
          memories.draft(episode(one, meta, age, PassagePairs.at(shared, index, one.start())));
      drafts.add(draft);
      ids.add(draft.id().value());
      starts.add(one.start());
      passages.add(
          new Passage(
              draft.id().value(),
              index,
              one.passage().text(),
              one.start(),
              one.passage().embedding(),
              age.updatedAt));
    }
    DocumentRow row = new DocumentRow(meta, ids, starts, age.createdAt, age.updatedAt, age.version);
    return new DocumentDraft(id, row, drafts, passages);
  }

  private static Episode episode(
      Placed one, DocumentMeta meta, Age age, Map<String, String> pairs) {
    Circumstances about =
        new Circumstances(
            null,
            List.of(),
            null,
            null,
            meta.tags(),
            pairs,
            MemoryType.SEMANTIC,
            null,
            Circumstances.DEFAULT_IMPORTANCE,
            0f);
    return new Episode(
        null,
        age.updatedAt,
        one.passage().text(),
        one.passage().embedding(),
        Confidence.DEFAULT,
        about);
  }

  public String id() {
    return id;
  }

  /// How many passages it has.
  public int passages() {
    return passages.size();
  }

  DocumentRow row() {
    return row;
  }

  byte[] encodedRow() {
    return encodedRow;
  }

  List<Draft> drafts() {
    return drafts;
  }

  /// About what it holds in memory.
  public int bytes() {
    int bytes = 1_024 + encodedRow.length;
    for (Draft draft : drafts) {
      bytes += draft.bytes();
    }
    return bytes;
  }

  DocumentInfo info(SpaceId library) {
    return row.info(library, id, passages);
  }
}
