package dev.myelin.memory.space;

import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.memory.index.IndexFailure;
import dev.myelin.memory.index.LuceneIndex;
import dev.myelin.memory.index.MemoryIndex;
import dev.myelin.memory.tail.FreshTail;
import dev.myelin.memory.tail.TailBudget;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings spaces from the disk into memory: opens the index, replays what it does not cover.
final class SpaceLoader {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceLoader.class);
  private static final int CHUNKS_WHILE_OPENING = 32;

  private final Journal journal;
  private final Replay replay;
  private final SpaceBounds bounds;
  private final TailBudget budget;
  private final Executor merges;
  private final Indexer indexer;

  SpaceLoader(
      Journal journal, Replay replay, SpaceBounds bounds, TailBudget budget, Executor merges) {
    this.journal = journal;
    this.replay = replay;
    this.bounds = bounds;
    this.budget = budget;
    this.merges = merges;
    indexer = new Indexer(bounds);
  }

  Indexer indexer() {
    return indexer;
  }

  /// Opens a space; it takes part in publishing from then on. Whoever calls it holds the space's
  /// lock.
  OpenSpace load(Space space, Path folder) {
    space.beginOpening();
    StreamEnd end = journal.end(space.stream()).orElse(new StreamEnd("", 0));
    MemoryIndex index = LuceneIndex.open(folder, end, merges);
    OpenSpace loaded =
        new OpenSpace(new FreshTail(index.covered(), bounds.chunkRecords(), budget), index);
    boolean joined = false;
    try {
      while (!joined) {
        var _ = readTo(space, loaded, RebuildWatch.NONE);
        joined = space.join(loaded);
      }
      return loaded;
    } finally {
      if (!joined) {
        space.abandonOpening();
        loaded.tail().close();
        index.close();
      }
    }
  }

  /// Replays what the index does not cover; indexes on the way if it is much.
  ///
  /// @return false if the watch had it stopped
  private boolean readTo(Space space, OpenSpace loaded, RebuildWatch watch) {
    FreshTail tail = loaded.tail();
    long end = journal.end(space.stream()).map(StreamEnd::lastOffset).orElse(0L);
    Page page;
    do {
      page = journal.read(space.stream(), tail.watermark() + 1, PageLimit.DEFAULT);
      for (JournalRecord record : page.records()) {
        loaded.publish(replay.publication(space.stream(), record, tail));
      }
      if (tail.sealed().size() >= CHUNKS_WHILE_OPENING && !tryIndex(space, loaded)) {
        throw unavailable();
      }
      if (!watch.reached(tail.watermark(), end)) {
        return false;
      }
    } while (!page.isLast());
    return true;
  }

  /// Makes an index anew in a folder, from the whole journal of the space.
  ///
  /// @return false if the watch had it stopped
  boolean build(Space space, Path folder, RebuildWatch watch) {
    StreamEnd end = journal.end(space.stream()).orElse(new StreamEnd("", 0));
    MemoryIndex index = LuceneIndex.open(folder, end, merges);
    OpenSpace anew = new OpenSpace(new FreshTail(0, bounds.chunkRecords(), budget), index);
    try {
      if (!readTo(space, anew, watch)) {
        return false;
      }
      indexer.indexAll(space, anew);
      return true;
    } finally {
      anew.tail().close();
      index.close();
    }
  }

  /// Indexes what is due.
  ///
  /// @return false if the index cannot be written now
  boolean tryIndex(Space space, OpenSpace open) {
    try {
      indexer.index(space, open);
      return true;
    } catch (IndexFailure e) {
      LOG.atWarn()
          .addKeyValue("space", space.id())
          .setCause(e)
          .log("A space cannot be indexed now; it is tried again");
      return false;
    }
  }

  private static ServiceException unavailable() {
    return new ServiceException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "The index of the memory space cannot be written. Nothing is lost; make room on the disk, or"
            + " mend it, and try again.");
  }
}
