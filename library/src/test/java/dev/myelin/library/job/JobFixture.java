package dev.myelin.library.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.library.LibraryConfig;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.job.JobConfig.Exports;
import dev.myelin.library.job.JobConfig.Kept;
import dev.myelin.library.job.JobConfig.Queue;
import dev.myelin.library.job.JobConfig.Retry;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.BrokerConfig;
import dev.myelin.live.broker.LocalBroker;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Jobs over a real journal and engine in a folder, with a clock that stands until it is moved.
final class JobFixture implements AutoCloseable {
  static final String TENANT = "default";

  /// Small bounds, and hardly any patience with what a test holds back.
  static final JobConfig CONFIG =
      new JobConfig(
          1,
          new Queue(3, 2, 1_000, 1L << 20),
          new Retry(2, Duration.ofSeconds(1), Duration.ofSeconds(30)),
          new Kept(100, 3, Duration.ofDays(7)),
          new Exports(1, 1L << 20, Duration.ofDays(1)),
          Duration.ofSeconds(1),
          Duration.ofMillis(200));

  private final Path folder;
  private final JobConfig config;
  final ManualClock clock = new ManualClock();
  final GatedEmbedder embedder = new GatedEmbedder();

  /// Run by jobs each time they look at the clock: at each checkpoint.
  volatile Runnable atCheckpoint = () -> {};

  private final InstantSource watched =
      () -> {
        if (Thread.currentThread().getName().startsWith(JobRunner.THREAD)) {
          atCheckpoint.run();
        }
        return clock.instant();
      };
  RocksJournal journal;
  MemoryEngine engine;
  private Broker broker;
  LibraryService libraries;
  JobService jobs;

  JobFixture(Path folder, JobConfig config) {
    this.folder = folder;
    this.config = config;
    journal = openJournal();
    engine = openEngine();
    broker = LocalBroker.open(BrokerConfig.DEFAULT);
    libraries = openLibraries();
    jobs = openJobs();
  }

  JobFixture(Path folder) {
    this(folder, CONFIG);
  }

  private RocksJournal openJournal() {
    return RocksJournal.open(
        folder.resolve("journal"), JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
  }

  private MemoryEngine openEngine() {
    return MemoryEngine.open(
        MemoryConfig.DEFAULT,
        journal,
        folder.resolve("index"),
        embedder,
        clock,
        new SimpleMeterRegistry());
  }

  private LibraryService openLibraries() {
    return LibraryService.open(
        LibraryConfig.DEFAULT, journal, engine, broker, embedder, clock, new SimpleMeterRegistry());
  }

  private JobService openJobs() {
    return JobService.open(
        config, journal, libraries, exports(), watched, new SimpleMeterRegistry());
  }

  Path exports() {
    return folder.resolve("exports");
  }

  /// Opens everything again that was closed.
  void open() {
    journal = openJournal();
    engine = openEngine();
    broker = LocalBroker.open(BrokerConfig.DEFAULT);
    libraries = openLibraries();
    jobs = openJobs();
  }

  @Override
  public void close() {
    jobs.close();
    libraries.close();
    broker.close();
    engine.close();
    journal.close();
  }

  SpaceId library(String id) {
    return libraries.create(TENANT, NewLibrary.named("Library " + id).withId(id), Cause.NONE).id();
  }

  /// So many documents of one passage, with ids of their own.
  static List<JobItem> documents(String prefix, int count) {
    List<JobItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "%s-%04d".formatted(prefix, i);
      items.add(new Added(NewDocument.ofText("Title of " + id, "The text of " + id).withId(id)));
    }
    return items;
  }

  JobInfo imported(SpaceId library, String prefix, int count) {
    return ended(jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, documents(prefix, count))));
  }

  JobInfo run(JobType type, SpaceId library) {
    return ended(jobs.submit(NewJob.of(type, library)));
  }

  /// Waits for the end of a job, and of its run.
  JobInfo ended(JobInfo job) {
    JobInfo ended = jobs.await(job, Eventually.DEADLINE);
    assertThat(ended.status().isFinal()).as("%s", ended).isTrue();
    return ended;
  }

  JobInfo eventually(JobInfo job, java.util.function.Predicate<JobStatus> wanted) {
    Eventually.until("job " + job.type() + " gets there", () -> wanted.test(find(job).status()));
    return find(job);
  }

  JobInfo find(JobInfo job) {
    return jobs.require(job.library().tenant(), job.id());
  }

  List<String> ids(SpaceId library) {
    return libraries.documents(library, 1_000, null).items().stream()
        .map(DocumentInfo::id)
        .toList();
  }

  List<LibraryEvent> events(SpaceId library) {
    return libraries.feed().read(library, 0, 10_000, Set.of()).events();
  }

  List<String> types(SpaceId library) {
    return events(library).stream().map(LibraryEvent::type).toList();
  }

  /// Holds whoever comes to it until it is opened.
  static final class Gate implements Runnable {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    @Override
    public void run() {
      reached.countDown();
      await(opened);
    }

    void awaitReached() {
      await(reached);
    }

    void open() {
      opened.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        if (!latch.await(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("nobody came, or nobody opened");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// Lets some pass, then does something each time.
  static Runnable after(int calls, Runnable then) {
    var left = new java.util.concurrent.atomic.AtomicInteger(calls);
    return () -> {
      if (left.getAndDecrement() <= 0) {
        then.run();
      }
    };
  }
}
