package dev.myelin.library.job;

import dev.myelin.library.job.JobQueue.Entry;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.library.job.store.JobRows;
import dev.myelin.library.job.work.ExportFiles;
import dev.myelin.library.job.work.ExportFiles.Kept;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Lets go of what is kept no longer, and puts right what a crash left. One thread at a time.
final class Sweeper {
  private static final int TOGETHER = 500;

  private final JobConfig config;
  private final JobQueue queue;
  private final JobRows rows;
  private final JobRunner runner;
  private final ExportFiles files;
  private final InstantSource clock;

  Sweeper(JobConfig config, JobRunner.Tools tools, JobRunner runner, InstantSource clock) {
    this.config = config;
    this.queue = tools.queue();
    this.rows = tools.rows();
    this.files = tools.files();
    this.runner = runner;
    this.clock = clock;
  }

  /// Ends jobs whose library is gone.
  void endUnbound() {
    for (Entry entry : queue.entries()) {
      JobRow row = rows.find(entry.tenant(), entry.id()).orElse(null);
      if (row != null && !rows.isBound(row.info())) {
        end(row);
        if (!queue.withdraw(entry.id())) {
          runner.stop(entry.id());
        }
      }
    }
  }

  private void end(JobRow row) {
    if (runner.abandon(row)) {
      files.delete(row.id());
    }
  }

  /// Queues jobs that are to be done and that nobody has queued.
  ///
  /// @return all that are to be done
  List<JobRow> recover() {
    List<JobRow> unfinished = rows.unfinished();
    for (JobRow row : unfinished) {
      if (rows.isBound(row.info())) {
        queue.add(entry(row));
      } else if (!queue.isKnown(row.id())) {
        end(row);
      }
    }
    return unfinished;
  }

  static Entry entry(JobRow row) {
    Instant next = row.info().tries().next();
    return new Entry(
        row.id(), row.library(), row.itemBytes(), Objects.requireNonNullElse(next, Instant.EPOCH));
  }

  /// Does all there is to do. Blocks.
  void sweep() {
    // In this order: what is in none of the later two was over before the files were listed.
    List<Kept> there = files.list();
    Set<String> busy =
        queue.entries().stream().map(Entry::id).collect(Collectors.toUnmodifiableSet());
    Map<String, JobInfo> over = over();
    forget(over);
    letGoOfFiles(there, busy, over);
    var _ = recover();
    endUnbound();
  }

  /// The jobs that are over, by id.
  private Map<String, JobInfo> over() {
    Map<String, JobInfo> over = new HashMap<>();
    rows.each(
        null,
        row -> {
          if (row.info().status().isFinal()) {
            over.put(row.id(), row.info());
          }
          return true;
        });
    return over;
  }

  /// Forgets jobs that are too old or too many.
  private void forget(Map<String, JobInfo> over) {
    Instant oldest = clock.instant().minus(config.kept().maxAge());
    Map<String, Integer> ofTenant = new HashMap<>();
    List<JobInfo> going = new ArrayList<>();
    int kept = 0;
    for (JobInfo job : newestFirst(over)) {
      int its = ofTenant.merge(job.library().tenant(), 1, Integer::sum);
      boolean goes =
          kept == config.kept().max()
              || its > config.kept().maxPerTenant()
              || ended(job).isBefore(oldest);
      if (goes) {
        going.add(job);
      } else {
        kept++;
      }
    }
    for (int i = 0; i < going.size(); i += TOGETHER) {
      List<JobInfo> some = going.subList(i, Math.min(going.size(), i + TOGETHER));
      rows.forget(some);
      for (JobInfo job : some) {
        over.remove(job.id());
        files.delete(job.id());
      }
    }
  }

  private static List<JobInfo> newestFirst(Map<String, JobInfo> jobs) {
    return jobs.values().stream()
        .sorted(Comparator.comparing(JobInfo::id, Comparator.reverseOrder()))
        .toList();
  }

  private static Instant ended(JobInfo job) {
    return Objects.requireNonNullElse(job.times().ended(), job.times().created());
  }

  /// Deletes files that are too old or too many, or belong to no job.
  private void letGoOfFiles(List<Kept> there, Set<String> busy, Map<String, JobInfo> over) {
    Map<String, Kept> byJob = new HashMap<>();
    for (Kept file : there) {
      JobInfo job = over.get(file.job());
      if (job != null && isKept(job) && file.isWhole()) {
        byJob.put(file.job(), file);
      } else if (!busy.contains(file.job())) {
        files.delete(file.job());
      }
    }
    Instant oldest = clock.instant().minus(config.exports().maxAge());
    List<JobInfo> loose = new ArrayList<>();
    int kept = 0;
    long bytes = 0;
    for (JobInfo job : newestFirst(over)) {
      Kept file = byJob.get(job.id());
      if (file == null) {
        continue;
      }
      bytes += file.bytes();
      if (kept == config.exports().max()
          || bytes > config.exports().maxBytes()
          || ended(job).isBefore(oldest)) {
        files.delete(job.id());
        loose.add(job);
      } else {
        kept++;
      }
    }
    if (!loose.isEmpty()) {
      rows.loosen(loose);
    }
  }

  private boolean isKept(JobInfo job) {
    return job.type() == JobType.BATCH_EXPORT
        && job.status() == JobStatus.COMPLETED
        && rows.isBound(job);
  }
}
