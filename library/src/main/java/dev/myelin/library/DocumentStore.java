package dev.myelin.library;

import dev.myelin.journal.Journal;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.Passage;
import dev.myelin.library.model.Page;
import dev.myelin.library.store.DocumentRow;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.SpaceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads documents. Blocks; any thread.
final class DocumentStore {
  private static final int READS = 3;

  private final Journal journal;
  private final MemoryEngine memories;

  DocumentStore(Journal journal, MemoryEngine memories) {
    this.journal = journal;
    this.memories = memories;
  }

  @Nullable DocumentRow row(SpaceId library, String documentId) {
    byte[] row =
        journal.get(
            LibraryTables.DOCUMENTS,
            LibraryTables.documentKey(LibraryTables.key(library), documentId));
    return row == null ? null : DocumentRow.decode(row);
  }

  /// One document with its passages. One that is changed while it is read is read again.
  Optional<DocumentInfo> find(SpaceId library, String documentId, boolean embeddings) {
    for (int read = 1; ; read++) {
      DocumentRow row = row(library, documentId);
      if (row == null) {
        return Optional.empty();
      }
      List<Passage> passages = passages(library, row, embeddings);
      if (passages.size() == row.passages().size() || read == READS) {
        return Optional.of(row.info(library, documentId, passages));
      }
    }
  }

  private List<Passage> passages(SpaceId library, DocumentRow row, boolean embeddings) {
    List<Passage> passages = new ArrayList<>(row.passages().size());
    for (int i = 0; i < row.passages().size(); i++) {
      String id = row.passages().get(i);
      Memory memory = memories.find(library, new MemoryId(id)).orElse(null);
      if (memory != null) {
        passages.add(
            new Passage(
                id,
                i,
                memory.content(),
                row.starts().get(i),
                embeddings ? memory.episode().embedding() : null,
                row.updatedAt()));
      }
    }
    return passages;
  }

  Page<DocumentInfo> list(SpaceId library, int limit, @Nullable String cursor) {
    byte[] key = LibraryTables.key(library);
    byte[] from =
        cursor == null ? key : LibraryTables.after(LibraryTables.documentKey(key, cursor));
    List<Map.Entry<String, byte[]>> rows = new ArrayList<>();
    journal.scan(
        LibraryTables.DOCUMENTS,
        key,
        from,
        (found, value) -> {
          rows.add(Map.entry(LibraryTables.documentId(key, found), value));
          return rows.size() <= limit;
        });
    List<DocumentInfo> items =
        rows.stream()
            .limit(limit)
            .map(row -> DocumentRow.decode(row.getValue()).info(library, row.getKey(), List.of()))
            .toList();
    return new Page<>(items, rows.size() > limit ? items.getLast().id() : null);
  }

  Optional<SpaceId> home(String tenant, String documentId) {
    byte[] prefix = LibraryTables.homesOf(tenant, documentId);
    @Nullable SpaceId[] home = new SpaceId[1];
    journal.scan(
        LibraryTables.HOMES,
        prefix,
        (key, _) -> {
          String name =
              new String(key, prefix.length, key.length - prefix.length, StandardCharsets.UTF_8);
          SpaceId library = new SpaceId(tenant, name);
          boolean there =
              journal.get(SpaceTables.SPACES, LibraryTables.key(library)) != null
                  && row(library, documentId) != null;
          home[0] = there ? library : null;
          return !there;
        });
    return Optional.ofNullable(home[0]);
  }
}
