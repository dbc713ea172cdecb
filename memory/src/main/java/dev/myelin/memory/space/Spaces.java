package dev.myelin.memory.space;

import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.StreamEnd;
import dev.myelin.memory.index.IndexFailure;
import dev.myelin.memory.tail.TailBudget;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/// All spaces of the data folder: known from the start, opened on use.
///
/// A space is opened by one thread at a time, under the space's own lock; others that want it wait.
public final class Spaces {
  // No space has such a name.
  private static final String REBUILDING = ".rebuilding";

  private final Journal journal;
  private final Path indexFolder;
  private final SpaceBounds bounds;
  private final TailBudget budget;
  private final SpaceLoader loader;
  private final Indexer indexer;
  private final Map<SpaceId, Space> spaces = new ConcurrentHashMap<>();
  // Deleted, but their indexes are not deleted yet.
  private final Set<SpaceId> clearing = ConcurrentHashMap.newKeySet();

  /// Reads the rows of all spaces.
  ///
  /// @param merges where the indexes' merges run
  public Spaces(
      Journal journal,
      Replay replay,
      Path indexFolder,
      SpaceBounds bounds,
      TailBudget budget,
      Executor merges) {
    this.journal = journal;
    this.indexFolder = indexFolder;
    this.bounds = bounds;
    this.budget = budget;
    loader = new SpaceLoader(journal, replay, bounds, budget, merges);
    indexer = loader.indexer();
    journal.scan(
        SpaceTables.SPACES,
        new byte[0],
        (key, value) -> {
          Space space = new Space(SpaceTables.space(key));
          space.settle(SpaceRow.decode(value));
          spaces.put(space.id(), space);
          return true;
        });
  }

  /// The space of that name, or null if nobody used it yet.
  public @Nullable Space find(SpaceId id) {
    return spaces.get(id);
  }

  /// The space of that name; it comes into being when its row is committed. Never blocks.
  ///
  /// @throws ServiceException TOO_MANY_SPACES if it would be one too many
  public Space obtain(SpaceId id) {
    Space known = spaces.get(id);
    if (known != null) {
      return known;
    }
    if (clearing.contains(id)) {
      throw new ServiceException(
          ErrorCode.OVERLOADED,
          "Memory space " + id + " is being deleted. Try again in a moment.",
          Duration.ofMillis(500));
    }
    if (spaces.size() >= bounds.maxSpaces()) {
      throw new ServiceException(
          ErrorCode.TOO_MANY_SPACES,
          "The server has "
              + bounds.maxSpaces()
              + " memory spaces already, as many as it may have. Use one of them, or raise"
              + " memory.max-spaces.");
    }
    return spaces.computeIfAbsent(id, Space::new);
  }

  /// The spaces of a tenant that have a row, in order of name.
  public List<Space> ofTenant(String tenant) {
    return spaces.values().stream()
        .filter(space -> space.id().tenant().equals(tenant) && space.row().isPresent())
        .sorted(Comparator.comparing((Space space) -> space.id().name()))
        .toList();
  }

  /// A space as it is now. Opens it if it is not open: blocks then.
  public SpaceView view(Space space) {
    while (true) {
      OpenSpace open = open(space);
      open.use();
      try {
        return SpaceView.of(open);
      } catch (IllegalStateException e) {
        // It was closed in between.
        if (space.open() == open) {
          throw e;
        }
      }
    }
  }

  private OpenSpace open(Space space) {
    OpenSpace open = space.open();
    if (open != null) {
      return open;
    }
    synchronized (space) {
      open = space.open();
      if (open == null && space.isDropped()) {
        throw new ServiceException(
            ErrorCode.NOT_FOUND, "Memory space " + space.id() + " was just deleted.");
      }
      return open == null ? loader.load(space, folder(space)) : open;
    }
  }

  /// Opens a space that is written to, or indexes what is due in an open one. An index that could
  /// not be written is let go of: what it has not made durable is replayed at the next opening.
  public void maintain(Space space) {
    OpenSpace open = open(space);
    boolean failed;
    synchronized (open) {
      failed = !open.isClosed() && !loader.tryIndex(space, open);
    }
    if (failed) {
      release(space);
    }
  }

  /// Indexes all that open spaces have sealed, and makes it durable. Blocks.
  public void indexAll() {
    for (Space space : spaces.values()) {
      OpenSpace open = space.open();
      if (open != null) {
        synchronized (open) {
          if (!open.isClosed()) {
            indexer.indexAll(space, open);
          }
        }
      }
    }
  }

  /// Makes room in the fresh tails when they are full of what is too little, space by space, to be
  /// indexed by itself.
  public void relieve() {
    if (budget.isFull() && lagging().isEmpty()) {
      for (Space space : spaces.values()) {
        OpenSpace open = space.open();
        if (open != null) {
          synchronized (open) {
            if (!open.isClosed()) {
              space.seal(open);
              indexer.indexSealed(space, open);
            }
          }
        }
      }
    }
  }

  /// Open spaces with more to index than usual.
  List<Space> lagging() {
    return spaces.values().stream()
        .filter(space -> unindexed(space) >= bounds.indexAfter() + bounds.chunkRecords())
        .toList();
  }

  /// Closes spaces that nobody used lately, and the least used of those that are too many.
  public void closeIdle(long now) {
    List<Space> open =
        spaces.values().stream()
            .filter(space -> space.open() != null)
            .sorted(Comparator.comparingLong(Spaces::usedAt))
            .toList();
    int tooMany = open.size() - bounds.maxOpen();
    for (Space space : open) {
      if (tooMany > 0 || now - usedAt(space) > bounds.idleAfter().toNanos()) {
        close(space);
        tooMany--;
      }
    }
  }

  private static long usedAt(Space space) {
    OpenSpace open = space.open();
    return open == null ? Long.MIN_VALUE : open.usedAt();
  }

  /// How many spaces are open.
  public long openSpaces() {
    return spaces.values().stream().filter(space -> space.open() != null).count();
  }

  /// Records in tails that no index covers.
  public long unindexed() {
    long sum = 0;
    for (Space space : spaces.values()) {
      OpenSpace open = space.open();
      if (open != null) {
        sum += Math.max(0, open.tail().watermark() - open.index().covered());
      }
    }
    return sum;
  }

  /// Closes a space; its index keeps what it has.
  public void close(Space space) {
    synchronized (space) {
      OpenSpace open = space.open();
      if (open == null) {
        return;
      }
      synchronized (open) {
        try {
          indexer.indexAll(space, open);
        } catch (IndexFailure _) {
          // The journal has it all: it is replayed at the next opening.
        }
        noteCount(space, open);
        release(space);
      }
    }
  }

  private void noteCount(Space space, OpenSpace open) {
    try (SpaceView view = SpaceView.of(open)) {
      if (space.row().map(SpaceRow::countedAt).orElse(view.end()) != view.end()) {
        journal.submit(Lane.LOW, new CountTransaction(space, view.memories(), view.end()));
      }
    } catch (ServiceException _) {
      // It is counted again when it is asked for.
    }
  }

  /// How many memories a space has. Opens it if that is not known otherwise: may block.
  public long memories(Space space) {
    SpaceRow row = space.row().orElse(null);
    StreamEnd end = journal.end(space.stream()).orElse(null);
    if (row == null || end == null) {
      return 0;
    }
    if (space.open() == null && row.countedAt() == end.lastOffset()) {
      return row.memories();
    }
    try (SpaceView view = view(space)) {
      return view.memories();
    }
  }

  /// How many records of a space its index does not cover; all it has, while it is closed.
  public long unindexed(Space space) {
    OpenSpace open = space.open();
    return open == null ? 0 : open.tail().watermark() - open.index().covered();
  }

  /// Closes all spaces.
  public void closeAll() {
    spaces.values().forEach(this::close);
  }

  /// A space is gone. On the committer thread.
  public void drop(Space space) {
    clearing.add(space.id());
    spaces.remove(space.id(), space);
  }

  /// Closes a space that is gone and deletes its index.
  public void clear(Space space) {
    try {
      discardIndex(space);
    } finally {
      clearing.remove(space.id());
    }
  }

  /// Throws an index that cannot be read away; the space is opened anew, by replay, at its next
  /// use.
  public void discardIndex(Space space) {
    synchronized (space) {
      release(space);
      delete(folder(space));
    }
  }

  /// Closes a space as it is.
  private void release(Space space) {
    synchronized (space) {
      OpenSpace open = space.open();
      if (open != null) {
        synchronized (open) {
          open.markClosed();
          space.closed(open);
          open.index().close();
        }
      }
    }
  }

  /// Makes an index anew from the journal beside the one that serves, then takes its place. Blocks.
  ///
  /// @return false if the watch had it stopped
  public boolean rebuild(Space space, RebuildWatch watch) {
    Path beside = folder(space).resolveSibling(space.id().name() + REBUILDING);
    synchronized (space.rebuilding()) {
      delete(beside);
      if (!loader.build(space, beside, watch)) {
        delete(beside);
        return false;
      }
      synchronized (space) {
        discardIndex(space);
        try {
          Files.move(beside, folder(space));
        } catch (IOException e) {
          throw new IndexFailure("The rebuilt index cannot take its place", e);
        }
        open(space);
        return true;
      }
    }
  }

  /// Indexes what a space has fresh and merges its index into one part. Blocks; the space is served
  /// and written to meanwhile.
  ///
  /// @return how many dead entries went
  public long optimize(Space space) {
    OpenSpace open = open(space);
    synchronized (open) {
      if (open.isClosed()) {
        return 0;
      }
      space.seal(open);
      indexer.indexAll(space, open);
    }
    return open.index().compact();
  }

  private Path folder(Space space) {
    return indexFolder.resolve(space.id().tenant()).resolve(space.id().name());
  }

  private static void delete(Path folder) {
    try {
      IOUtils.rm(folder);
    } catch (IOException e) {
      throw new IndexFailure("The index folder " + folder + " cannot be deleted", e);
    }
  }
}
