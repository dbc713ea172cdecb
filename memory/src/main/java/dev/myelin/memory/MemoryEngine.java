package dev.myelin.memory;

import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.journal.nativelib.BackgroundThreads;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.embedding.WaitingTexts;
import dev.myelin.memory.index.IndexFailure;
import dev.myelin.memory.ranking.AccessCounts;
import dev.myelin.memory.ranking.TextAnalysis;
import dev.myelin.memory.space.CreateTransaction;
import dev.myelin.memory.space.Draft;
import dev.myelin.memory.space.EmbeddingDoor;
import dev.myelin.memory.space.IdRow;
import dev.myelin.memory.space.RebuildWatch;
import dev.myelin.memory.space.Replay;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.memory.space.SpaceView;
import dev.myelin.memory.space.Spaces;
import dev.myelin.memory.space.Upkeep;
import dev.myelin.memory.tail.TailBudget;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Spaces of memories: commit, recall, forget.
///
/// **Visibility.** A memory is found by every recall that begins after it was acknowledged, and by
/// none before it was durable. **Order.** The commit sequence of a space is the offset of its
/// stream.
public final class MemoryEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryEngine.class);
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  private final Journal journal;
  private final TextAnalysis analysis = new TextAnalysis();
  private final Replay replay;
  private final Spaces spaces;
  private final Watchers watchers = new Watchers();
  private final Recalling recalling;
  private final Forgetting forgetting;
  private final EmbeddingDoor embeddingDoor;
  private final EngineHooks hooks;
  private final SpaceReports reports;
  private final TailBudget budget;
  private final ExecutorService merges;
  private final Upkeep upkeep;
  private final Timer recallTime;
  private volatile boolean closed;

  private MemoryEngine(
      MemoryConfig config,
      Journal journal,
      Path indexFolder,
      @Nullable Embedder embedder,
      InstantSource clock,
      MeterRegistry meters) {
    this.journal = journal;
    replay = new Replay(journal, analysis);
    budget = new TailBudget(config.maxTailBytes());
    merges = Executors.newSingleThreadExecutor(BackgroundThreads.named("memory-merger"));
    spaces = new Spaces(journal, replay, indexFolder, config.bounds(), budget, merges);
    upkeep = Upkeep.start(spaces);
    AccessCounts accesses = new AccessCounts(config.maxTrackedAccesses());
    recalling = new Recalling(spaces, replay, analysis, embedder, accesses, clock);
    hooks = new EngineHooks(embedder, spaces, upkeep, watchers);
    forgetting = new Forgetting(journal, replay, watchers, hooks);
    embeddingDoor = new EmbeddingDoor(journal, spaces, replay, hooks);
    hooks.embedThrough(embeddingDoor);
    reports = new SpaceReports(journal, spaces);
    recallTime =
        Timer.builder("myelin.memory.recall")
            .description("Time to answer a recall")
            .publishPercentileHistogram()
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(meters);
    gauges(meters);
  }

  private void gauges(MeterRegistry meters) {
    Gauge.builder("myelin.memory.spaces.open", spaces, Spaces::openSpaces)
        .description("Spaces that are open")
        .register(meters);
    Gauge.builder("myelin.memory.tail", budget, TailBudget::bytes)
        .description("Memory that fresh tails take")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("myelin.memory.index.lag", spaces, Spaces::unindexed)
        .description("Records in fresh tails that no index covers")
        .register(meters);
  }

  /// Opens the engine over a journal; its spaces are opened on use.
  ///
  /// @param indexFolder where indexes are kept; what is missing there is made from the journal
  /// @param embedder makes embeddings of texts; null for none
  public static MemoryEngine open(
      MemoryConfig config,
      Journal journal,
      Path indexFolder,
      @Nullable Embedder embedder,
      InstantSource clock,
      MeterRegistry meters) {
    return new MemoryEngine(config, journal, indexFolder, embedder, clock, meters);
  }

  /// Queues one episode; never blocks, any thread. The space is created on first use.
  ///
  /// An episode whose id the space already has replaces the older memory. Without an embedding it
  /// is found by its words at once and, where the space's dimension is the model's, embedded soon
  /// after.
  ///
  /// @throws ServiceException OVERLOADED, SHUTTING_DOWN, STORAGE_UNAVAILABLE, DIMENSION_MISMATCH,
  ///   TOO_MANY_SPACES: nothing was queued and the commitment is not told
  public void commit(Remember request, Commitment commitment) {
    requireOpen();
    requireRoom();
    Space space = spaces.obtain(request.space());
    Episode episode = request.episode();
    Embedding embedding = episode.embedding();
    if (embedding != null && space.dimension() != 0 && embedding.dimension() != space.dimension()) {
      throw space.wrongDimension(space.dimension(), embedding.dimension());
    }
    Draft draft = draft(episode);
    SpaceChanges changes = new SpaceChanges(space, hooks);
    journal.submit(request.lane(), new CommitTransaction(draft, commitment, changes));
  }

  /// Makes an episode ready for [SpaceBatch#remember(Draft)]: call it before the work is queued.
  public Draft draft(Episode episode) {
    MemoryId given = episode.id();
    return new Draft(given == null ? MemoryId.random() : given, episode, analysis);
  }

  /// Queues work that changes a space in one atomic write; never blocks, any thread. The space is
  /// created by the first memory.
  ///
  /// @throws ServiceException as [#commit(Remember, Commitment)]: nothing was queued and the work
  ///   is not told
  public void write(SpaceId id, Lane lane, SpaceWork work) {
    requireOpen();
    requireRoom();
    SpaceChanges changes = new SpaceChanges(spaces.obtain(id), hooks);
    journal.submit(lane, new WorkTransaction(work, changes));
  }

  /// Finds the memories that answer a query best. Blocks: call it on a virtual thread.
  ///
  /// A space that does not exist answers with nothing.
  ///
  /// @throws ServiceException DIMENSION_MISMATCH if the cue's embedding is of another length than
  ///   the space's, INVALID_CUE if its text is blank or its time range ends before it starts
  public Recollection recall(RecallQuery query) {
    requireOpen();
    Recollection answer = recall(query, true);
    recallTime.record(answer.took());
    return answer;
  }

  /// An index that turns out to be damaged is made anew from the journal, and asked again.
  private Recollection recall(RecallQuery query, boolean again) {
    try {
      return recalling.recall(query);
    } catch (IndexFailure e) {
      Space space = spaces.find(query.space());
      if (!again || space == null) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("space", space.id())
          .setCause(e)
          .log("An index cannot be read and is made anew from the journal");
      spaces.discardIndex(space);
      return recall(query, false);
    }
  }

  /// Forgets memories. Blocks until it is durable and no later recall finds them.
  ///
  /// @return how many memories it affected
  public int forget(SpaceId id, List<MemoryId> ids, ForgetMode mode) {
    requireOpen();
    Space space = spaces.find(id);
    int affected = 0;
    if (space != null) {
      for (MemoryId memory : ids) {
        affected += forgetting.forget(space, memory, mode) ? 1 : 0;
      }
    }
    return affected;
  }

  /// One memory by its name, unless it is forgotten or suppressed; with its embedding if it has
  /// one. Blocks.
  public Optional<Memory> find(SpaceId id, MemoryId memoryId) {
    Space space = spaces.find(id);
    if (space == null) {
      return Optional.empty();
    }
    byte[] bytes = journal.get(SpaceTables.IDS, SpaceTables.idKey(space.key(), memoryId));
    if (bytes == null) {
      return Optional.empty();
    }
    IdRow row = IdRow.decode(bytes);
    if (row.hidden()) {
      return Optional.empty();
    }
    Optional<Memory> memory = replay.memory(space.stream(), row.offset());
    return row.vectorOffset() == 0 || row.vectorOffset() == row.offset()
        ? memory
        : memory.map(
            found -> found.withEmbedding(replay.embedding(space.stream(), row.vectorOffset())));
  }

  /// What is known of a space, or empty if it does not exist. May block to open it.
  public Optional<SpaceInfo> space(SpaceId id) {
    Space space = spaces.find(id);
    return space == null ? Optional.empty() : space.row().map(row -> reports.of(space, row));
  }

  /// All spaces of a tenant, in order of name. Blocks.
  public List<SpaceInfo> spaces(String tenant) {
    return spaces.ofTenant(tenant).stream()
        .flatMap(space -> space.row().map(row -> reports.of(space, row)).stream())
        .toList();
  }

  /// Creates a space with a dimension fixed from the start, or gives the one that is there. Blocks.
  ///
  /// @throws ServiceException DIMENSION_MISMATCH if it is there with another dimension
  public SpaceInfo create(SpaceId id, SpaceOptions options) {
    requireOpen();
    Space space = spaces.obtain(id);
    CreateTransaction transaction = new CreateTransaction(space, options.dimension());
    journal.submit(Lane.HIGH, transaction);
    return reports.of(space, transaction.await());
  }

  /// Tells a listener of what happens in a space from now on, in order of commit, on the committer
  /// thread. The listener must be quick and must not throw.
  public Watch watch(SpaceId space, SpaceListener listener) {
    return watchers.add(space, listener);
  }

  /// The texts that wait for their embeddings.
  public WaitingTexts waitingTexts() {
    return embeddingDoor;
  }

  /// Throws a space's index away and builds it anew from the journal, while serving. Blocks.
  ///
  /// @return false if the watch had it stopped: the index that serves stays
  public boolean rebuildIndex(SpaceId id, RebuildWatch watch) {
    requireOpen();
    Space space = spaces.find(id);
    return space == null || space.row().isEmpty() || spaces.rebuild(space, watch);
  }

  /// Indexes what a space has fresh, and merges its index into one part, while serving. Blocks.
  ///
  /// @return how many dead entries went
  public long optimizeIndex(SpaceId id) {
    requireOpen();
    Space space = spaces.find(id);
    return space == null || space.row().isEmpty() ? 0 : spaces.optimize(space);
  }

  /// The offset up to which a space's changes are visible to recalls, 0 if it does not exist. May
  /// block to open it.
  public long visibleEnd(SpaceId id) {
    Space space = spaces.find(id);
    if (space == null || space.row().isEmpty()) {
      return 0;
    }
    try (SpaceView view = spaces.view(space)) {
      return view.end();
    }
  }

  /// Does what is done in the background, now: indexes what is due everywhere, closes what is idle.
  void settleIndexes() {
    spaces.indexAll();
  }

  /// How full the way into memory is now: the journal's lane, or the fresh tails that wait for the
  /// index if they are fuller. Cheap enough to ask per request.
  public LaneLoad load(Lane lane) {
    LaneLoad waiting = journal.load(lane);
    LaneLoad fresh =
        new LaneLoad(waiting.depth(), waiting.capacity(), budget.bytes(), budget.maxBytes());
    return fresh.pressure() > waiting.pressure() ? fresh : waiting;
  }

  /// Closes all spaces, as if nobody had used them for long.
  void closeSpaces() {
    spaces.closeAll();
  }

  private void requireRoom() {
    if (budget.isFull()) {
      upkeep.full();
      throw new ServiceException(
          ErrorCode.OVERLOADED,
          "More is coming in than can be indexed. Slow down, and send it again in a moment.",
          RETRY_AFTER);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ServiceException(
          ErrorCode.SHUTTING_DOWN, "The server is shutting down. Connect again in a moment.");
    }
  }

  /// Settles and closes indexes; the journal stays open. Waits.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      upkeep.close();
      spaces.closeAll();
      merges.close();
    }
  }

  /// Ends a watching.
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
