package dev.myelin.library.job;

import static dev.myelin.library.job.JobFixture.TENANT;
import static dev.myelin.library.job.JobFixture.after;
import static dev.myelin.library.job.JobFixture.documents;
import static dev.myelin.library.job.JobServiceTest.assertRefused;
import static dev.myelin.library.job.JobServiceTest.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.job.JobFixture.Gate;
import dev.myelin.library.job.model.JobFilter;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that are interrupted, cancelled, tried again, too many, or too old.
final class JobLifeTest {
  @TempDir Path folder;
  private JobFixture fixture;
  private SpaceId library;

  @BeforeEach
  void open() {
    fixture = new JobFixture(folder);
    library = fixture.library("papers");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private JobInfo submit(JobType type) {
    return fixture.jobs.submit(NewJob.of(type, library));
  }

  private JobInfo submitImport(int count) {
    return fixture.jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, documents("a", count)));
  }

  private void tick() {
    for (int i = 0; i < 3; i++) {
      fixture.jobs.tick();
    }
  }

  // ---- interrupted

  @Test
  void anImportGoesOnAfterARestart() {
    Gate gate = new Gate();
    fixture.embedder.before = after(2, gate);
    JobInfo job = submitImport(100);
    gate.awaitReached();
    fixture.close();
    gate.open();
    fixture.embedder.before = () -> {};
    int before = fixture.embedder.calls.get();
    fixture.open();
    JobInfo done = fixture.ended(job);

    assertThat(result(done)).containsEntry("imported", 100).containsEntry("failed", 0);
    assertThat(fixture.embedder.calls.get() - before).isEqualTo(5); // 68 left, 16 at once
    assertThat(fixture.ids(library)).hasSize(100);
    assertThat(fixture.types(library))
        .containsOnlyOnce(EventType.BATCH_STARTED)
        .filteredOn(EventType.DOCUMENT_ADDED::equals)
        .hasSize(100);
    assertThat(fixture.types(library)).filteredOn(EventType.JOB_STARTED::equals).hasSize(2);
  }

  @Test
  void closingWaitsForTheCheckpointOfARunThatIsQuick() {
    Gate gate = new Gate();
    fixture.embedder.before = after(1, gate);
    JobInfo job = submitImport(50);
    gate.awaitReached();
    Thread closing = Thread.ofVirtual().start(() -> fixture.jobs.close());
    Eventually.until("it begins to close", () -> isClosed());
    gate.open();
    join(closing);
    assertThat(fixture.find(job).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(fixture.ids(library)).hasSizeLessThan(50);
    fixture.close();
    fixture.embedder.before = () -> {};
    fixture.open();
    fixture.ended(job);
    assertThat(fixture.ids(library)).hasSize(50);
  }

  private boolean isClosed() {
    return !fixture.jobs.statistics(TENANT, JobFilter.ALL).running();
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Eventually.DEADLINE)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anExportGoesOnAfterARestartAndHasEachDocumentOnce() throws IOException {
    var _ = fixture.imported(library, "a", 300);
    Gate gate = new Gate();
    fixture.atCheckpoint = after(3, gate);
    JobInfo job = submit(JobType.BATCH_EXPORT);
    gate.awaitReached();
    fixture.close();
    gate.open();
    fixture.atCheckpoint = () -> {};
    assertThat(fixture.exports().resolve(job.id() + ".partial")).isNotEmptyFile();
    fixture.open();
    JobInfo done = fixture.ended(job);

    assertThat(result(done)).containsEntry("documents_exported", 300);
    assertThat(Files.readAllLines(fixture.jobs.file(TENANT, job.id()).path()))
        .hasSize(300)
        .doesNotHaveDuplicates();
    assertThat(fixture.exports()).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void anExportWhoseFileIsGoneBeginsAnew() throws IOException {
    var _ = fixture.imported(library, "a", 200);
    Gate gate = new Gate();
    fixture.atCheckpoint = after(3, gate);
    JobInfo job = submit(JobType.BATCH_EXPORT);
    gate.awaitReached();
    fixture.close();
    gate.open();
    fixture.atCheckpoint = () -> {};
    Files.delete(fixture.exports().resolve(job.id() + ".partial"));
    fixture.open();
    fixture.ended(job);

    assertThat(Files.readAllLines(fixture.jobs.file(TENANT, job.id()).path())).hasSize(200);
  }

  @Test
  void waitingJobsAndRetriesSurviveARestart() {
    fixture.embedder.before = JobLifeTest::unavailable;
    JobInfo first = submitImport(1);
    JobInfo tried = fixture.eventually(first, JobStatus.PENDING::equals);
    Eventually.until("it was tried", () -> fixture.find(first).tries().made() == 1);
    JobInfo second = submit(JobType.INDEX_OPTIMIZE);
    fixture.close();
    fixture.embedder.before = () -> {};
    fixture.open();
    tick();
    assertThat(fixture.find(tried).status()).isEqualTo(JobStatus.PENDING);
    assertThat(fixture.find(second).status()).isEqualTo(JobStatus.PENDING);
    fixture.clock.advance(Duration.ofSeconds(1));
    assertThat(fixture.ended(first).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(fixture.ended(second).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(second.id()).isGreaterThan(first.id());
  }

  // ---- tried again

  private static void unavailable() {
    throw new ServiceException(ErrorCode.OVERLOADED, "The model is busy.");
  }

  @Test
  void triesAgainAfterATemporaryFailureWithGrowingPauses() {
    fixture.embedder.before = JobLifeTest::unavailable;
    JobInfo job = submitImport(1);
    Eventually.until("it was tried", () -> fixture.find(job).tries().made() == 1);
    JobInfo waiting = fixture.find(job);
    assertThat(waiting.status()).isEqualTo(JobStatus.PENDING);
    assertThat(Objects.requireNonNull(waiting.failure()).text()).isEqualTo("The model is busy.");
    assertPause(waiting, 500, 1_000);
    tick();
    assertThat(fixture.embedder.calls).hasValue(1);

    fixture.clock.advance(Duration.ofSeconds(1));
    Eventually.until("it was tried again", () -> fixture.find(job).tries().made() == 2);
    assertPause(fixture.find(job), 1_000, 2_000);
    tick();
    assertThat(fixture.embedder.calls).hasValue(2);

    fixture.embedder.before = () -> {};
    fixture.clock.advance(Duration.ofSeconds(2));
    JobInfo done = fixture.ended(job);
    assertThat(result(done)).containsEntry("imported", 1);
    assertThat(done.tries().made()).isEqualTo(2);
    assertThat(done.failure()).isNull();
  }

  private void assertPause(JobInfo job, long least, long most) {
    Instant next = Objects.requireNonNull(job.tries().next());
    assertThat(Duration.between(fixture.clock.instant(), next))
        .isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
  }

  @Test
  void failsWhenItWasTriedOftenEnough() {
    fixture.embedder.before = JobLifeTest::unavailable;
    NewJob once = NewJob.of(JobType.BATCH_IMPORT, library, documents("a", 1)).withRetries(0);
    JobInfo job = fixture.ended(fixture.jobs.submit(once));

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(Objects.requireNonNull(job.failure()).code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(job.tries().max()).isZero();
    assertThat(fixture.types(library)).endsWith(EventType.JOB_FAILED);
  }

  @Test
  void doesNotTryAgainWhatCannotSucceed() {
    fixture.embedder.before =
        () -> {
          throw new ServiceException(ErrorCode.INTERNAL, "The key of the model is wrong.");
        };
    JobInfo job = fixture.ended(submitImport(3));

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.tries().made()).isZero();
    assertThat(fixture.embedder.calls).hasValue(1);
  }

  @Test
  void tellsABugByItsNumberOnly() {
    fixture.embedder.before =
        () -> {
          throw new IllegalStateException("secret");
        };
    JobInfo job = fixture.ended(submitImport(1));

    assertThat(Objects.requireNonNull(job.failure()).text())
        .startsWith("Internal error ")
        .doesNotContain("secret");
  }

  // ---- cancelled

  @Test
  void cancellingARunningJobStopsIt() {
    Gate gate = new Gate();
    fixture.embedder.before = after(1, gate);
    JobInfo job = submitImport(50);
    gate.awaitReached();
    JobInfo cancelled = fixture.jobs.cancel(TENANT, job.id());
    assertThat(cancelled.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(cancelled.progress().current()).isEqualTo(16);
    gate.open();
    // The queue has one worker: when this is done, the cancelled one has ended its run.
    var _ = fixture.run(JobType.INDEX_OPTIMIZE, library);

    assertThat(fixture.ids(library)).hasSize(16);
    assertThat(fixture.find(job)).isEqualTo(cancelled);
    assertThat(fixture.types(library)).containsOnlyOnce(EventType.JOB_CANCELLED);
    assertThat(fixture.jobs.delete(TENANT, job.id()).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(fixture.jobs.find(TENANT, job.id())).isEmpty();
  }

  @Test
  void cancellingAWaitingJobTakesItsPlaceAway() {
    Gate gate = new Gate();
    fixture.embedder.before = gate;
    JobInfo running = submitImport(1);
    gate.awaitReached();
    JobInfo waiting = submit(JobType.INDEX_REBUILD);
    assertThat(fixture.jobs.delete(TENANT, waiting.id()).status()).isEqualTo(JobStatus.CANCELLED);
    gate.open();
    fixture.ended(running);

    assertThat(fixture.find(waiting).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(fixture.types(library)).doesNotContain(EventType.INDEX_REBUILT);
  }

  @Test
  void aCancelledExportLeavesNoFile() {
    var _ = fixture.imported(library, "a", 200);
    Gate gate = new Gate();
    fixture.atCheckpoint = after(3, gate);
    JobInfo job = submit(JobType.BATCH_EXPORT);
    gate.awaitReached();
    fixture.jobs.cancel(TENANT, job.id());
    fixture.atCheckpoint = () -> {};
    gate.open();

    Eventually.until("the file is gone", () -> isEmpty(fixture.exports()));
    assertRefused(() -> fixture.jobs.file(TENANT, job.id()), ErrorCode.CONFLICT, "is cancelled");
  }

  private static boolean isEmpty(Path folder) {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void deletingALibraryCancelsItsJobs() {
    JobInfo export = fixture.run(JobType.BATCH_EXPORT, library);
    Gate gate = new Gate();
    fixture.embedder.before = after(1, gate);
    JobInfo running = submitImport(50);
    gate.awaitReached();
    JobInfo waiting = submit(JobType.INDEX_REBUILD);
    fixture.libraries.delete(library, Cause.NONE);
    SpaceId again = made("papers");
    gate.open();

    for (JobInfo job : List.of(running, waiting)) {
      JobInfo ended = fixture.ended(job);
      assertThat(ended.status()).isEqualTo(JobStatus.CANCELLED);
      assertThat(Objects.requireNonNull(ended.failure()).text()).contains("was deleted");
    }
    assertThat(fixture.ids(again)).isEmpty();
    assertThat(fixture.types(again)).containsExactly(EventType.LIBRARY_CREATED);
    assertRefused(() -> fixture.jobs.file(TENANT, export.id()), ErrorCode.GONE, "is not kept");
    fixture.clock.advance(Duration.ofMinutes(2));
    Eventually.until("the file is gone", () -> isEmpty(fixture.exports()));
  }

  /// Its index may still be being deleted.
  private SpaceId made(String id) {
    SpaceId[] made = new SpaceId[1];
    Eventually.until(
        "the library is made again",
        () -> {
          try {
            made[0] = fixture.library(id);
            return true;
          } catch (ServiceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
            return false;
          }
        });
    return made[0];
  }

  @Test
  void jobsOfALibraryThatWasDeletedBeforeACrashAreCancelled() {
    fixture.embedder.before = JobLifeTest::unavailable;
    JobInfo job = submitImport(5);
    Eventually.until("it was tried", () -> fixture.find(job).tries().made() == 1);
    fixture.jobs.close(); // nobody hears of the deletion
    fixture.libraries.delete(library, Cause.NONE);
    fixture.close();
    fixture.open();

    assertThat(fixture.find(job).status()).isEqualTo(JobStatus.CANCELLED);
  }

  // ---- too many, too old

  @Test
  void refusesMoreThanMayWait() {
    Gate gate = new Gate();
    fixture.embedder.before = gate;
    JobInfo running = submitImport(1);
    gate.awaitReached();
    List<JobInfo> waiting = new ArrayList<>();
    waiting.add(submit(JobType.INDEX_OPTIMIZE));
    waiting.add(submit(JobType.INDEX_OPTIMIZE));
    assertRefused(
        () -> submit(JobType.INDEX_OPTIMIZE), ErrorCode.OVERLOADED, "as many jobs waiting");
    SpaceId elsewhere =
        fixture
            .libraries
            .create("other", dev.myelin.library.model.NewLibrary.named("Other"), Cause.NONE)
            .id();
    waiting.add(fixture.jobs.submit(NewJob.of(JobType.INDEX_OPTIMIZE, elsewhere)));
    assertRefused(
        () -> fixture.jobs.submit(NewJob.of(JobType.INDEX_OPTIMIZE, elsewhere)),
        ErrorCode.OVERLOADED,
        "as many jobs waiting");
    gate.open();
    fixture.ended(running);
    waiting.forEach(job -> assertThat(fixture.ended(job).status()).isEqualTo(JobStatus.COMPLETED));
    var _ = fixture.run(JobType.INDEX_OPTIMIZE, library);
  }

  @Test
  void refusesMoreThanMayBeGiven() {
    Gate gate = new Gate();
    fixture.embedder.before = gate;
    NewJob long_ = NewJob.of(JobType.BATCH_IMPORT, library, LongDocuments.of(60, 10_000));
    JobInfo first = fixture.jobs.submit(long_);
    gate.awaitReached();
    assertRefused(() -> fixture.jobs.submit(long_), ErrorCode.OVERLOADED, "hold as much");
    gate.open();
    fixture.ended(first);
    JobInfo second = fixture.ended(fixture.jobs.submit(long_));
    assertThat(second.status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void keepsFinishedJobsForAWhile() {
    List<JobInfo> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      jobs.add(fixture.run(JobType.INDEX_OPTIMIZE, library));
    }
    fixture.clock.advance(Duration.ofMinutes(1));
    Eventually.until("two are forgotten", () -> listed().size() == 3);
    assertThat(listed()).containsExactly(jobs.get(4).id(), jobs.get(3).id(), jobs.get(2).id());
    fixture.clock.advance(Duration.ofDays(8));
    Eventually.until("all are forgotten", () -> listed().isEmpty());
  }

  private List<String> listed() {
    return fixture.jobs.list(TENANT, JobFilter.ALL, 100, null).jobs().stream()
        .map(JobInfo::id)
        .toList();
  }

  @Test
  void keepsFewFilesAndNotForLong() throws IOException {
    JobInfo older = fixture.run(JobType.BATCH_EXPORT, library);
    JobInfo newer = fixture.run(JobType.BATCH_EXPORT, library);
    Files.writeString(fixture.exports().resolve("01234567-nobody.ndjson"), "left behind");
    fixture.clock.advance(Duration.ofMinutes(1));
    Eventually.until("files are gone", () -> count(fixture.exports()) == 1);
    assertRefused(() -> fixture.jobs.file(TENANT, older.id()), ErrorCode.GONE, "Export again");
    assertThat(fixture.jobs.file(TENANT, newer.id()).path()).exists();
    assertThat(fixture.find(older).status()).isEqualTo(JobStatus.COMPLETED);
    fixture.clock.advance(Duration.ofHours(25));
    Eventually.until("the last is gone", () -> isEmpty(fixture.exports()));
    assertRefused(() -> fixture.jobs.file(TENANT, newer.id()), ErrorCode.GONE, newer.id());
  }

  private static long count(Path folder) {
    try (var files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void waitsForAJobAsLongAsItMay() {
    Gate gate = new Gate();
    fixture.embedder.before = gate;
    JobInfo job = submitImport(1);
    assertThat(fixture.jobs.await(job, Duration.ofMillis(1)).status().isFinal()).isFalse();
    gate.open();
    assertThat(fixture.jobs.await(job, Eventually.DEADLINE).status())
        .isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void refusesJobsOnceClosed() {
    fixture.jobs.close();
    assertRefused(() -> submit(JobType.INDEX_REBUILD), ErrorCode.SHUTTING_DOWN, "shutting down");
  }
}
