package dev.myelin.library.job;

import dev.myelin.library.event.EventType;
import dev.myelin.library.feed.FeedBatch;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobInfo.Failure;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.Progress;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.library.job.store.JobRows;
import dev.myelin.library.job.work.Checkpoint;
import dev.myelin.library.job.work.Finish;
import dev.myelin.library.job.work.JobRun;
import dev.myelin.library.job.work.JobStopped;
import dev.myelin.library.job.work.Told;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// One run of a job. Its thread alone changes it; any thread may stop it.
final class ActiveRun implements JobRun {
  private static final int MAX_WAITS = 100;
  private static final long WAIT_MILLIS = 100;

  private final JobRows rows;
  private final InstantSource clock;
  private final Duration interval;
  private final CountDownLatch stop = new CountDownLatch(1);
  private JobRow row;
  private Instant told = Instant.EPOCH;

  /// @param interval between two times that it tells how far it is
  ActiveRun(JobRow row, JobRows rows, InstantSource clock, Duration interval) {
    this.row = row;
    this.rows = rows;
    this.clock = clock;
    this.interval = interval;
  }

  @Override
  public JobRow row() {
    return row;
  }

  /// Has it end at the next place where it looks.
  void stop() {
    stop.countDown();
  }

  @Override
  public boolean isStopped() {
    return stop.getCount() == 0;
  }

  @Override
  public void requireRunning() {
    if (isStopped() || !rows.isBound(row.info())) {
      throw new JobStopped();
    }
  }

  // ---- its life, each step one write with its event

  /// The job runs.
  ///
  /// @param first what else to tell if it runs for the first time
  void begin(List<Told> first) {
    boolean isFirst = row.info().times().started() == null;
    row =
        write(
            JobRows.EVENT_BYTES,
            batch -> {
              JobRow now = JobRows.requireBound(batch, row.info());
              JobRow after = now.with(now.info().running(batch.time()));
              JobRows.put(batch, after);
              JobRows.tell(batch, EventType.JOB_STARTED, after.info());
              if (isFirst) {
                tell(batch, first);
              }
              return after;
            });
  }

  @Override
  public void commit(int bytes, Function<FeedBatch, Checkpoint> change) {
    boolean tells = isDue();
    JobRow before = row;
    row =
        write(
            bytes + JobRows.EVENT_BYTES,
            batch -> {
              var _ = JobRows.requireBound(batch, before.info());
              Checkpoint made = change.apply(batch);
              JobRow after = before.at(made.progress(), made.state());
              JobRows.put(batch, after);
              if (tells) {
                JobRows.tell(batch, EventType.JOB_PROGRESS, after.info());
              }
              return after;
            });
  }

  @Override
  public void progress(Progress progress) {
    if (isStopped()) {
      throw new JobStopped();
    }
    if (isDue()) {
      JobRow after = row.with(row.info().at(progress));
      row =
          write(
              JobRows.EVENT_BYTES,
              batch -> {
                var _ = JobRows.requireBound(batch, after.info());
                JobRows.put(batch, after);
                JobRows.tell(batch, EventType.JOB_PROGRESS, after.info());
                return after;
              });
    }
  }

  private boolean isDue() {
    Instant now = clock.instant();
    boolean due = !now.isBefore(told.plus(interval));
    told = due ? now : told;
    return due;
  }

  /// The job is done.
  void complete(Finish finish) {
    end(
        EventType.JOB_COMPLETED,
        finish.told(),
        finish.leavesFile(),
        now -> row.info().completed(now, finish.progress(), finish.result()));
  }

  /// The job failed for good.
  void fail(Failure why) {
    end(
        EventType.JOB_FAILED,
        List.of(),
        false,
        now -> row.info().ended(now, JobStatus.FAILED, why));
  }

  private void end(
      String type, List<Told> more, boolean keepsBond, Function<Instant, JobInfo> change) {
    JobRow before = row;
    row =
        write(
            JobRows.EVENT_BYTES,
            batch -> {
              var _ = JobRows.requireBound(batch, before.info());
              JobRow after = before.with(change.apply(batch.time()));
              tell(batch, more);
              JobRows.end(batch, after, keepsBond);
              JobRows.tell(batch, type, after.info());
              return after;
            });
  }

  /// The job waits to be tried again.
  void again(Instant next, Failure why) {
    JobRow before = row;
    row =
        write(
            JobRows.EVENT_BYTES,
            batch -> {
              var _ = JobRows.requireBound(batch, before.info());
              JobRow after = before.with(before.info().again(next, why));
              JobRows.put(batch, after);
              JobRows.tell(batch, EventType.JOB_PROGRESS, after.info());
              return after;
            });
  }

  private static void tell(FeedBatch batch, List<Told> events) {
    events.forEach(event -> batch.event(event.type(), event.data()));
  }

  /// Waits while there is no room; what refuses it because the job has ended ends the run.
  private JobRow write(int bytes, Function<FeedBatch, JobRow> change) {
    for (int waits = 0; ; waits++) {
      try {
        return rows.write(row.library(), bytes, change::apply);
      } catch (ServiceException e) {
        if (!rows.isBound(row.info())) {
          throw new JobStopped();
        }
        if (e.code() != ErrorCode.OVERLOADED || waits == MAX_WAITS) {
          throw e;
        }
        pause();
      }
    }
  }

  private void pause() {
    try {
      if (stop.await(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new JobStopped();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new JobStopped();
    }
  }
}
