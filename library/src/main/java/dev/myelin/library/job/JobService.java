package dev.myelin.library.job;

import dev.myelin.journal.Journal;
import dev.myelin.library.LibraryService;
import dev.myelin.library.event.EventType;
import dev.myelin.library.job.model.JobFilter;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobPage;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.library.job.model.QueueStatistics;
import dev.myelin.library.job.store.JobIds;
import dev.myelin.library.job.store.JobItems;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.library.job.store.JobRows;
import dev.myelin.library.job.work.DeleteWork;
import dev.myelin.library.job.work.EmbeddingWork;
import dev.myelin.library.job.work.ExportFiles;
import dev.myelin.library.job.work.ExportWork;
import dev.myelin.library.job.work.ImportWork;
import dev.myelin.library.job.work.IndexWork;
import dev.myelin.library.job.work.Work;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Jobs on libraries.
///
/// **Durability.** A job that was accepted, and all that it was given, is durable, and it is done
/// even if the server is killed: each of its steps is one write with the checkpoint after it, so
/// that nothing is done twice. **Ends.** Once cancelling has returned, nothing more is done for the
/// job; so too once its library is deleted. All methods block: call them on virtual threads.
public final class JobService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobService.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

  private final JobConfig config;
  private final LibraryService libraries;
  private final InstantSource clock;
  private final JobItems items;
  private final JobRows rows;
  private final JobQueue queue;
  private final ExportFiles files;
  private final JobList list;
  private final JobRunner runner;
  private final Intake intake;
  private final Endings endings;
  private final Sweeper sweeper;
  private final Subscription deletions;
  private final ScheduledExecutorService upkeep =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("upkeep-of-jobs").daemon().factory());
  private volatile Instant nextSweep;

  private JobService(
      JobConfig config,
      Journal journal,
      LibraryService libraries,
      Path exports,
      InstantSource clock,
      MeterRegistry meters) {
    this.config = config;
    this.libraries = libraries;
    this.clock = clock;
    items = new JobItems(journal);
    rows = new JobRows(journal, libraries.feed().writer());
    queue = new JobQueue(config.queue(), config.workers());
    files = new ExportFiles(exports);
    list = new JobList(rows);
    JobIds ids = new JobIds(clock);
    JobRunner.Tools tools = new JobRunner.Tools(queue, rows, works(), files);
    Backoff backoff =
        new Backoff(config.retry().first(), config.retry().most(), new Random()::nextDouble);
    runner = new JobRunner(config, tools, clock, backoff);
    intake = new Intake(config, libraries, tools, items, ids);
    endings = new Endings(tools, runner);
    sweeper = new Sweeper(config, tools, runner, clock);
    List<JobRow> unfinished = sweeper.recover();
    unfinished.forEach(row -> ids.after(UUID.fromString(row.id())));
    items.clearAllBut(unfinished.stream().map(JobRow::id).collect(Collectors.toUnmodifiableSet()));
    nextSweep = clock.instant();
    deletions = libraries.feed().subscribeAll(null, (event, _) -> heard(event.type()));
    Gauge.builder("myelin.jobs.waiting", queue, JobQueue::waiting)
        .description("Jobs that wait for their turn")
        .register(meters);
    Gauge.builder("myelin.jobs.running", queue, JobQueue::running)
        .description("Jobs that run")
        .register(meters);
    long millis = TICK.toMillis();
    var _ = upkeep.scheduleWithFixedDelay(this::tick, 0, millis, TimeUnit.MILLISECONDS);
  }

  /// Opens the jobs of libraries; those that were not over when the server last ended go on.
  ///
  /// @param exports the folder of exported files; made when it is needed
  public static JobService open(
      JobConfig config,
      Journal journal,
      LibraryService libraries,
      Path exports,
      InstantSource clock,
      MeterRegistry meters) {
    return new JobService(config, journal, libraries, exports, clock, meters);
  }

  private Map<JobType, Work> works() {
    Map<JobType, Work> works = new EnumMap<>(JobType.class);
    Work indexes = new IndexWork(libraries.indexes());
    works.put(JobType.BATCH_IMPORT, new ImportWork(libraries.bulk(), items));
    works.put(JobType.BATCH_DELETE, new DeleteWork(libraries.bulk(), items));
    works.put(JobType.BATCH_EXPORT, new ExportWork(libraries, files, config.exports().maxBytes()));
    works.put(JobType.INDEX_REBUILD, indexes);
    works.put(JobType.INDEX_OPTIMIZE, indexes);
    works.put(JobType.REGENERATE_EMBEDDINGS, new EmbeddingWork(libraries));
    return works;
  }

  // ---- what happens by itself

  /// On the feed's thread.
  private void heard(String type) {
    if (type.equals(EventType.LIBRARY_DELETED)) {
      upkeep.execute(this::endUnbound);
    }
  }

  private synchronized void endUnbound() {
    try {
      sweeper.endUnbound();
    } catch (RuntimeException e) { // the next sweep does it
      LOG.atWarn().setCause(e).log("jobs of a deleted library could not be ended now");
    }
  }

  /// Begins what is due, and now and then lets go of what is kept no longer.
  synchronized void tick() {
    try {
      runner.pump();
      Instant now = clock.instant();
      if (!now.isBefore(nextSweep)) {
        nextSweep = now.plus(BETWEEN_SWEEPS);
        sweeper.sweep();
      }
    } catch (RuntimeException e) { // next time
      LOG.atWarn().setCause(e).log("jobs could not be looked after");
    }
  }

  // ---- what is asked for

  /// The bounds.
  public JobConfig config() {
    return config;
  }

  /// Accepts a job: it is durable, with all it was given, when this returns. For a request that has
  /// made one before ([NewJob#REQUEST]) that one is the answer; nobody submits the same request
  /// twice at the same time.
  ///
  /// @throws ServiceException LIBRARY_NOT_FOUND; INVALID_REQUEST if it was given too much;
  ///   OVERLOADED if too many wait; SHUTTING_DOWN, STORAGE_UNAVAILABLE: nothing was accepted
  public JobInfo submit(NewJob job) {
    JobInfo accepted = intake.accept(job);
    runner.pump();
    return accepted;
  }

  /// A job of a tenant.
  ///
  /// @param id may be anything
  public Optional<JobInfo> find(String tenant, String id) {
    return rows.find(tenant, id).map(JobRow::info);
  }

  /// A job of a tenant.
  ///
  /// @throws ServiceException NOT_FOUND
  public JobInfo require(String tenant, String id) {
    return find(tenant, id).orElseThrow(() -> unknown(id));
  }

  /// Says that there is no such job.
  public static ServiceException unknown(String id) {
    return new ServiceException(
        ErrorCode.NOT_FOUND,
        "There is no job " + Excerpt.of(id) + ". GET /v1/jobs lists those there are.");
  }

  /// Jobs of a tenant, newest first.
  ///
  /// @param cursor where to go on, null for the beginning
  public JobPage list(String tenant, JobFilter filter, int limit, @Nullable String cursor) {
    return list.page(tenant, filter, limit, cursor);
  }

  /// Figures of a tenant's jobs.
  public QueueStatistics statistics(String tenant, JobFilter filter) {
    return new QueueStatistics(list.counts(tenant, filter), config.workers(), !queue.isClosed());
  }

  /// Ends a job before it is done: nothing more is done for it when this returns. What was done
  /// stays.
  ///
  /// @throws ServiceException NOT_FOUND; CONFLICT if it is over
  public JobInfo cancel(String tenant, String id) {
    return endings.cancel(require(tenant, id));
  }

  /// Forgets a job that is over, with the file it may have left; one that is not over is cancelled
  /// and stays to be read.
  ///
  /// @return the job as it was last
  /// @throws ServiceException NOT_FOUND
  public JobInfo delete(String tenant, String id) {
    JobInfo job = require(tenant, id);
    return job.status().isFinal() ? endings.forget(job) : endings.cancel(job);
  }

  /// The file that an export has left.
  ///
  /// @throws ServiceException NOT_FOUND if there is no such job, or it leaves none; CONFLICT if it
  ///   is not completed; GONE if the file is not kept any more
  public ExportedFile file(String tenant, String id) {
    return endings.file(rows.find(tenant, id).orElseThrow(() -> unknown(id)));
  }

  /// Waits until a job is over, at most so long.
  ///
  /// @return the job as it is then
  /// @throws ServiceException NOT_FOUND
  public JobInfo await(JobInfo job, Duration most) {
    try {
      queue.await(job.id(), most);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return require(job.library().tenant(), job.id());
  }

  /// Begins nothing more, has what runs come to its next checkpoint, and waits for that as long as
  /// is configured. What is not over goes on with the next start.
  @Override
  public void close() {
    queue.close();
    runner.stopAll();
    deletions.close();
    upkeep.shutdown();
    try {
      if (!queue.awaitIdle(config.stopTimeout())) {
        LOG.atWarn()
            .addKeyValue("timeout", config.stopTimeout())
            .log("not all jobs came to a checkpoint in time; they go on from the last one");
      }
      var _ = upkeep.awaitTermination(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
