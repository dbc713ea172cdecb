package dev.myelin.library.job;

import dev.myelin.library.job.JobQueue.Entry;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobInfo.Failure;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.library.job.store.JobRows;
import dev.myelin.library.job.work.ExportFiles;
import dev.myelin.library.job.work.JobStopped;
import dev.myelin.library.job.work.Work;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs jobs, a thread each, and sees to what becomes of them: done, tried again, failed, ended by
/// somebody else, or left for the next start.
final class JobRunner {
  /// What the names of threads begin with that run jobs.
  static final String THREAD = "job-";

  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  private final JobConfig config;
  private final JobQueue queue;
  private final JobRows rows;
  private final Map<JobType, Work> works;
  private final ExportFiles files;
  private final InstantSource clock;
  private final Backoff backoff;
  private final Map<String, ActiveRun> active = new ConcurrentHashMap<>();

  /// What a runner works with.
  record Tools(JobQueue queue, JobRows rows, Map<JobType, Work> works, ExportFiles files) {
    Tools {
      works = Map.copyOf(works);
    }
  }

  JobRunner(JobConfig config, Tools tools, InstantSource clock, Backoff backoff) {
    this.config = config;
    this.queue = tools.queue();
    this.rows = tools.rows();
    this.works = tools.works();
    this.files = tools.files();
    this.clock = clock;
    this.backoff = backoff;
  }

  /// Begins whatever may run now.
  void pump() {
    for (Entry entry = queue.next(clock.instant());
        entry != null;
        entry = queue.next(clock.instant())) {
      Entry begun = entry;
      // No virtual thread: building an index would keep a core from all of those.
      Thread.ofPlatform().name(THREAD + begun.id()).daemon().start(() -> run(begun));
    }
  }

  /// Has a job end its run soon, if it has one.
  void stop(String id) {
    ActiveRun run = active.get(id);
    if (run != null) {
      run.stop();
    }
  }

  void stopAll() {
    active.values().forEach(ActiveRun::stop);
  }

  private void run(Entry entry) {
    try {
      JobRow row = rows.find(entry.tenant(), entry.id()).orElse(null);
      if (row == null || row.info().status().isFinal()) {
        queue.end(entry.id());
      } else {
        run(entry, new ActiveRun(row, rows, clock, config.progressInterval()));
      }
    } catch (RuntimeException e) { // the thread ends here
      if (queue.isClosed()) {
        queue.leave(entry);
        return;
      }
      LOG.atError().setCause(e).addKeyValue("job", entry.id()).log("A job is put off");
      queue.postpone(entry, clock.instant().plus(config.retry().most()));
    }
    pump();
  }

  private void run(Entry entry, ActiveRun run) {
    active.put(entry.id(), run);
    if (queue.isClosed()) {
      run.stop();
    }
    try {
      Work work = work(run.row().info().type());
      run.begin(work.beginning(run.row()));
      run.complete(work.run(run));
      queue.end(entry.id());
    } catch (JobStopped _) {
      stopped(entry, run);
    } catch (ServiceException e) {
      failed(entry, run, e);
    } catch (RuntimeException e) {
      String correlation = UUID.randomUUID().toString();
      LOG.atError().setCause(e).addKeyValue("correlation", correlation).log("a job failed");
      failed(
          entry,
          run,
          new ServiceException(ErrorCode.INTERNAL, "Internal error " + correlation + "."));
    } finally {
      active.remove(entry.id(), run);
    }
  }

  private Work work(JobType type) {
    Work work = works.get(type);
    if (work == null) {
      throw new IllegalStateException("type: " + type + " (expected: one of " + works.keySet());
    }
    return work;
  }

  private void stopped(Entry entry, ActiveRun run) {
    if (queue.isClosed() && rows.isBound(run.row().info())) {
      queue.leave(entry); // it goes on with the next start
      return;
    }
    JobRow now = rows.find(entry.tenant(), entry.id()).orElse(null);
    if (now != null && !now.info().status().isFinal()) {
      var _ = abandon(now);
    }
    if (now == null || now.info().status() != JobStatus.COMPLETED) {
      files.delete(entry.id());
    }
    queue.end(entry.id());
  }

  /// Ends a job whose library is gone.
  ///
  /// @return false if it is over already, or its library is there
  boolean abandon(JobRow row) {
    Failure why =
        new Failure(
            ErrorCode.LIBRARY_NOT_FOUND, "Library " + row.library() + " was deleted meanwhile.");
    JobInfo ended = row.info().ended(clock.instant(), JobStatus.CANCELLED, why);
    return rows.endUnbound(row.with(ended));
  }

  private void failed(Entry entry, ActiveRun run, ServiceException e) {
    if (queue.isClosed()) {
      queue.leave(entry);
      return;
    }
    Failure why = new Failure(e.code(), e.text());
    JobInfo job = run.row().info();
    try {
      if (e.code().isTemporary() && job.tries().made() < job.tries().max()) {
        Instant next = clock.instant().plus(backoff.before(job.tries().made()));
        run.again(next, why);
        queue.postpone(entry, next);
      } else {
        run.fail(why);
        files.delete(entry.id());
        queue.end(entry.id());
      }
    } catch (JobStopped _) {
      stopped(entry, run);
    } catch (ServiceException unwritten) {
      // As while the disk is full: nothing is lost, the job goes on from its checkpoint.
      LOG.atWarn()
          .addKeyValue("job", entry.id())
          .addKeyValue("code", unwritten.code())
          .log("what became of a job cannot be written now; it is tried again");
      queue.postpone(entry, clock.instant().plus(backoff.before(job.tries().made())));
    }
  }
}
