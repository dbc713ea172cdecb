package dev.myelin.library.job;

import dev.myelin.library.event.EventType;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobInfo.Failure;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.library.job.store.JobRows;
import dev.myelin.library.job.work.ExportFiles;
import dev.myelin.library.job.work.ExportWork;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.List;
import java.util.Optional;

/// Ends jobs for somebody, and gives out or lets go of what they have left. Blocks; any thread.
final class Endings {
  private final JobQueue queue;
  private final JobRows rows;
  private final ExportFiles files;
  private final JobRunner runner;

  Endings(JobRunner.Tools tools, JobRunner runner) {
    this.queue = tools.queue();
    this.rows = tools.rows();
    this.files = tools.files();
    this.runner = runner;
  }

  JobInfo cancel(JobInfo job) {
    if (job.status().isFinal()) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "Job "
              + job.id()
              + " is "
              + job.status().word()
              + " already. There is nothing to cancel.");
    }
    JobInfo ended = cancelled(job);
    if (!queue.withdraw(job.id())) {
      runner.stop(job.id());
    }
    runner.pump();
    return ended;
  }

  private JobInfo cancelled(JobInfo job) {
    Failure why = new Failure(ErrorCode.CONFLICT, "It was cancelled.");
    return rows.write(
            job.library(),
            JobRows.EVENT_BYTES,
            batch -> {
              JobRow now = JobRows.requireBound(batch, job);
              JobRow after = now.with(now.info().ended(batch.time(), JobStatus.CANCELLED, why));
              JobRows.end(batch, after, false);
              JobRows.tell(batch, EventType.JOB_CANCELLED, after.info());
              return after;
            })
        .info();
  }

  JobInfo forget(JobInfo job) {
    rows.forget(List.of(job));
    files.delete(job.id());
    return job;
  }

  ExportedFile file(JobRow row) {
    JobInfo job = row.info();
    if (job.type() != JobType.BATCH_EXPORT) {
      throw new ServiceException(
          ErrorCode.NOT_FOUND,
          "Job "
              + job.id()
              + " leaves no file (expected: a batch_export). Its result is in the job.");
    }
    if (job.status() != JobStatus.COMPLETED) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "Job "
              + job.id()
              + " is "
              + job.status().word()
              + " (expected: completed). It has no file.");
    }
    String form = ExportWork.formOf(row);
    return Optional.of(job)
        .filter(rows::isBound)
        .flatMap(_ -> files.find(job.id(), form))
        .map(file -> new ExportedFile(file.path(), file.bytes(), form))
        .orElseThrow(() -> gone(job));
  }

  private static ServiceException gone(JobInfo job) {
    return new ServiceException(
        ErrorCode.GONE,
        "The file of job "
            + job.id()
            + " is not kept any more (jobs.max-exports, jobs.max-export-bytes,"
            + " jobs.max-export-age). Export again.");
  }
}
