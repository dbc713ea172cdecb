package dev.myelin.memory.index;

import dev.myelin.journal.StreamEnd;
import dev.myelin.memory.index.IndexBatch.Added;
import dev.myelin.memory.vector.BitCoder;
import dev.myelin.memory.vector.VectorSlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A space's index in Lucene: terms, facets, and coded vectors.
///
/// A commit carries the offset it covers and the epoch of the stream it was made from. An index
/// that is missing, damaged, of another format, of another epoch, or ahead of its stream is emptied
/// at opening: it covers nothing then, and its owner replays the journal into it.
public final class LuceneIndex implements MemoryIndex {
  private static final Logger LOG = LoggerFactory.getLogger(LuceneIndex.class);
  private static final double BUFFER_MEGABYTES = 32;
  // Lucene has 8. Searches scan codes, whatever segment they are in, so merging can wait.
  private static final double SEGMENTS_PER_TIER = 20;
  // Larger segments would make opening slow; what is wrong in them shows when it is read.
  private static final int MAX_VERIFIED_DOCUMENTS = 20_000;

  private final Directory directory;
  private final IndexWriter writer;
  private final String epoch;
  private final TermStream terms = new TermStream();
  // The writer's; changes are published through `newest`.
  private float[] unit = {};
  private @Nullable BitCoder coder;
  private volatile LuceneSnapshot newest;
  private boolean uncommitted;

  private LuceneIndex(Path folder, StreamEnd stream, Executor merges) throws IOException {
    directory = FSDirectory.open(folder);
    epoch = stream.epoch();
    IndexWriter opened = null;
    try {
      IndexIdentity identity = identity(directory, stream);
      opened = new IndexWriter(directory, config(identity == null, merges));
      writer = opened;
      coder = identity == null ? null : identity.coder();
      long covered = identity == null ? 0 : identity.covered();
      newest = LuceneSnapshot.of(DirectoryReader.open(writer), coder, covered, null);
    } catch (Throwable e) {
      IOUtils.closeWhileHandlingException(opened, directory);
      throw e;
    }
  }

  /// Opens the index of a stream in a folder, empty if it cannot be used.
  ///
  /// @param merges where merges run
  /// @throws IndexFailure if the folder cannot be read or written
  public static LuceneIndex open(Path folder, StreamEnd stream, Executor merges) {
    try {
      return new LuceneIndex(folder, stream, merges);
    } catch (LockObtainFailedException e) {
      throw new IndexFailure("The index folder " + folder + " is in use", e);
    } catch (IOException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("folder", folder)
          .setCause(e)
          .log("An index is damaged and is made anew from the journal");
      return reopen(folder, stream, merges);
    }
  }

  private static LuceneIndex reopen(Path folder, StreamEnd stream, Executor merges) {
    try {
      IOUtils.rm(folder);
      return new LuceneIndex(folder, stream, merges);
    } catch (IOException e) {
      throw new IndexFailure("The index folder " + folder + " cannot be used", e);
    }
  }

  /// What the index says of itself, or null if it is not of this stream and format.
  private static @Nullable IndexIdentity identity(Directory directory, StreamEnd stream)
      throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      return null;
    }
    IndexIdentity identity =
        IndexIdentity.read(SegmentInfos.readLatestCommit(directory).getUserData());
    boolean fits =
        identity != null
            && identity.epoch().equals(stream.epoch())
            && identity.covered() <= stream.lastOffset();
    if (fits) {
      verify(directory);
    }
    return fits ? identity : null;
  }

  private static void verify(Directory directory) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      for (LeafReaderContext leaf : reader.leaves()) {
        if (leaf.reader().maxDoc() <= MAX_VERIFIED_DOCUMENTS) {
          leaf.reader().checkIntegrity();
        }
      }
    }
  }

  private static IndexWriterConfig config(boolean empty, Executor merges) {
    return new IndexWriterConfig()
        .setOpenMode(empty ? IndexWriterConfig.OpenMode.CREATE : IndexWriterConfig.OpenMode.APPEND)
        .setSimilarity(new BM25Similarity())
        .setRAMBufferSizeMB(BUFFER_MEGABYTES)
        .setMergePolicy(new TieredMergePolicy().setSegmentsPerTier(SEGMENTS_PER_TIER))
        .setMergeScheduler(new MergePool(merges))
        .setCommitOnClose(false);
  }

  @Override
  public long covered() {
    return newest.covered();
  }

  @Override
  public void apply(IndexBatch batch) {
    try {
      settleCoder(batch);
      for (long removed : batch.removed()) {
        writer.deleteDocuments(IndexSchema.key(removed));
      }
      for (Added added : batch.added()) {
        writer.addDocument(IndexSchema.document(added, copied(added.unit()), coder, terms));
      }
      uncommitted = true;
      publish(batch.covered());
    } catch (IOException | AlreadyClosedException e) {
      throw new IndexFailure("Memories cannot be indexed", e);
    }
  }

  private void settleCoder(IndexBatch batch) {
    if (coder != null) {
      return;
    }
    List<VectorSlice> vectors = new ArrayList<>();
    for (Added added : batch.added()) {
      if (added.unit() != null) {
        vectors.add(added.unit());
      }
    }
    if (!vectors.isEmpty()) {
      coder = new BitCoder(BitCoder.mean(vectors, vectors.getFirst().dimension()));
    }
  }

  /// The vector in an array that the next one will be copied to as well.
  private float @Nullable [] copied(@Nullable VectorSlice slice) {
    if (slice == null) {
      return null;
    }
    if (unit.length != slice.dimension()) {
      unit = new float[slice.dimension()];
    }
    slice.copyTo(unit);
    return unit;
  }

  private void publish(long covered) throws IOException {
    LuceneSnapshot old = newest;
    DirectoryReader changed = DirectoryReader.openIfChanged(old.reader(), writer, true);
    if (changed == null) {
      changed = old.reader();
      changed.incRef();
    }
    newest = LuceneSnapshot.of(changed, coder, covered, old);
    old.close();
  }

  @Override
  public void commit() {
    if (!uncommitted) {
      return;
    }
    try {
      var identity = new IndexIdentity(epoch, newest.covered(), coder);
      writer.setLiveCommitData(identity.write().entrySet());
      writer.commit();
      uncommitted = false;
    } catch (IOException | AlreadyClosedException e) {
      throw new IndexFailure("An index cannot be made durable", e);
    }
  }

  @Override
  public long compact() {
    try {
      var before = writer.getDocStats();
      writer.forceMerge(1);
      return (long) before.maxDoc - before.numDocs;
    } catch (IOException | AlreadyClosedException e) {
      throw new IndexFailure("An index cannot be merged", e);
    }
  }

  @Override
  public IndexSnapshot snapshot() {
    while (true) {
      LuceneSnapshot now = newest;
      if (now.tryRetain()) {
        return now;
      }
      if (now == newest) {
        throw new IllegalStateException("the index is closed");
      }
    }
  }

  @Override
  public void close() {
    newest.close();
    IOUtils.closeWhileHandlingException(this::rollback, directory);
  }

  private void rollback() throws IOException {
    writer.rollback();
  }
}
