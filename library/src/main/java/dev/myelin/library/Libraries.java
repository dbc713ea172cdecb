package dev.myelin.library;

import dev.myelin.journal.Journal;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedWriter;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.LibraryPatch;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.library.model.Page;
import dev.myelin.library.store.LibraryRow;
import dev.myelin.library.store.LibraryState;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.SpaceInfo;
import dev.myelin.memory.space.SpaceRow;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Libraries themselves: made, listed, changed, deleted. Blocks; any thread.
final class Libraries {
  private static final int CLEANED_AT_ONCE = 1_000;

  private final Journal journal;
  private final MemoryEngine memories;
  private final FeedWriter writer;

  Libraries(Journal journal, MemoryEngine memories, FeedWriter writer) {
    this.journal = journal;
    this.memories = memories;
    this.writer = writer;
  }

  LibraryInfo create(String tenant, NewLibrary library, Cause cause) {
    LibraryRules.check(library);
    String id = library.id();
    SpaceId space = new SpaceId(tenant, id == null ? UUID.randomUUID().toString() : id);
    requireFree(space, exists(space));
    int size = 1_024 + 2 * library.name().length();
    var _ =
        writer.write(
            space,
            size,
            batch -> {
              requireFree(space, batch.exists());
              batch.space().create(library.dimension());
              LibraryRow row = row(library, batch.time());
              batch.tables().put(LibraryTables.LIBRARIES, batch.key().clone(), row.encode());
              return batch.event(
                  EventType.LIBRARY_CREATED, described(space, library.name(), library));
            },
            cause);
    return require(space);
  }

  private static void requireFree(SpaceId space, boolean taken) {
    if (taken) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "Library " + space + " exists already. Use it, or choose another id.");
    }
  }

  private static LibraryRow row(NewLibrary library, Instant now) {
    return new LibraryRow(
        library.name(),
        library.description(),
        library.metadata(),
        library.indexType(),
        library.embeddingModel(),
        now,
        now,
        1);
  }

  private static Map<String, @Nullable Object> described(
      SpaceId space, String name, NewLibrary library) {
    Map<String, @Nullable Object> data = data(space, name);
    data.put("index_type", library.indexType());
    data.put("embedding_dimension", library.dimension());
    return data;
  }

  private static Map<String, @Nullable Object> data(SpaceId space, String name) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("library_id", space.name());
    data.put("name", name);
    return data;
  }

  boolean exists(SpaceId library) {
    return journal.get(SpaceTables.SPACES, LibraryTables.key(library)) != null;
  }

  /// @throws ServiceException LIBRARY_NOT_FOUND
  void requireThere(SpaceId library) {
    if (!exists(library)) {
      throw ChangeFeed.unknown(library);
    }
  }

  /// @throws ServiceException LIBRARY_NOT_FOUND
  LibraryInfo require(SpaceId library) {
    return find(library).orElseThrow(() -> ChangeFeed.unknown(library));
  }

  Optional<LibraryInfo> find(SpaceId library) {
    byte[] key = LibraryTables.key(library);
    byte[] space = journal.get(SpaceTables.SPACES, key);
    return space == null ? Optional.empty() : Optional.of(info(library, SpaceRow.decode(space)));
  }

  private LibraryInfo info(SpaceId library, SpaceRow space) {
    byte[] key = LibraryTables.key(library);
    LibraryRow row = row(library, journal.get(LibraryTables.LIBRARIES, key), space.createdAt());
    LibraryState state = LibraryState.decode(journal.get(LibraryTables.STATES, key));
    return new LibraryInfo(
        library,
        row.name(),
        row.description(),
        row.metadata(),
        row.indexType(),
        row.embeddingModel(),
        space.dimension(),
        state.documents(),
        memories.space(library).map(SpaceInfo::memories).orElse(0L),
        row.createdAt(),
        row.updatedAt(),
        row.version());
  }

  /// The row of a library, or what stands for it where the space was made by streaming.
  private static LibraryRow row(SpaceId library, byte @Nullable [] row, Instant createdAt) {
    return row == null
        ? new LibraryRow(
            library.name(),
            null,
            Map.of(),
            NewLibrary.DEFAULT_INDEX_TYPE,
            null,
            createdAt,
            createdAt,
            1)
        : LibraryRow.decode(row);
  }

  Page<LibraryInfo> list(String tenant, int limit, @Nullable String cursor) {
    byte[] prefix = SpaceTables.tenantKey(tenant);
    byte[] from =
        cursor == null ? prefix : (tenant + "/" + cursor + "\1").getBytes(StandardCharsets.UTF_8);
    List<LibraryInfo> items = new ArrayList<>();
    List<Map.Entry<SpaceId, byte[]>> rows = new ArrayList<>();
    journal.scan(
        SpaceTables.SPACES,
        prefix,
        from,
        (key, value) -> {
          rows.add(Map.entry(SpaceTables.space(key), value));
          return rows.size() <= limit;
        });
    for (var row : rows.subList(0, Math.min(limit, rows.size()))) {
      items.add(info(row.getKey(), SpaceRow.decode(row.getValue())));
    }
    return new Page<>(items, rows.size() > limit ? items.getLast().id().name() : null);
  }

  LibraryInfo update(SpaceId library, LibraryPatch patch, Cause cause) {
    LibraryRules.check(patch);
    requireThere(library);
    var _ =
        writer.write(
            library,
            1_024,
            batch -> {
              batch.requireLibrary();
              byte[] space = batch.tables().get(SpaceTables.SPACES, batch.key());
              Instant created = space == null ? batch.time() : SpaceRow.decode(space).createdAt();
              LibraryRow before =
                  row(library, batch.tables().get(LibraryTables.LIBRARIES, batch.key()), created);
              Refusals.requireVersion("Library " + library, before.version(), patch.ifVersion());
              LibraryRow after = patched(before, patch, batch.time());
              batch.tables().put(LibraryTables.LIBRARIES, batch.key().clone(), after.encode());
              return batch.event(EventType.LIBRARY_UPDATED, data(library, after.name()));
            },
            cause);
    return require(library);
  }

  private static LibraryRow patched(LibraryRow before, LibraryPatch patch, Instant now) {
    return new LibraryRow(
        patch.name() == null ? before.name() : patch.name(),
        patch.description() == null ? before.description() : patch.description(),
        patch.metadata() == null ? before.metadata() : patch.metadata(),
        before.indexType(),
        before.embeddingModel(),
        before.createdAt(),
        now,
        before.version() + 1);
  }

  void delete(SpaceId library, Cause cause) {
    requireThere(library);
    List<byte[]> homes = homes(library);
    var _ =
        writer.write(
            library,
            1_024,
            batch -> {
              batch.requireLibrary();
              byte[] row = batch.tables().get(LibraryTables.LIBRARIES, batch.key());
              String name = row == null ? library.name() : LibraryRow.decode(row).name();
              batch.delete(data(library, name));
              return true;
            },
            cause);
    for (int i = 0; i < homes.size(); i += CLEANED_AT_ONCE) {
      writer.clean(
          LibraryTables.HOMES, homes.subList(i, Math.min(homes.size(), i + CLEANED_AT_ONCE)));
    }
  }

  private List<byte[]> homes(SpaceId library) {
    byte[] key = LibraryTables.key(library);
    List<byte[]> homes = new ArrayList<>();
    journal.scan(
        LibraryTables.DOCUMENTS,
        key,
        (found, _) ->
            homes.add(LibraryTables.homeKey(library, LibraryTables.documentId(key, found))));
    return homes;
  }
}
