package dev.myelin.library.job;

import dev.myelin.library.LibraryService;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.event.EventType;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobInfo.Times;
import dev.myelin.library.job.model.JobInfo.Tries;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.library.job.model.Progress;
import dev.myelin.library.job.store.JobIds;
import dev.myelin.library.job.store.JobItems;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.library.job.store.JobRows;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts jobs: a place in the queue first, then what the job was given, then the job itself.
/// Blocks; any thread.
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final JobConfig config;
  private final LibraryService libraries;
  private final JobQueue queue;
  private final JobRows rows;
  private final JobItems items;
  private final JobIds ids;

  Intake(
      JobConfig config,
      LibraryService libraries,
      JobRunner.Tools tools,
      JobItems items,
      JobIds ids) {
    this.config = config;
    this.libraries = libraries;
    this.queue = tools.queue();
    this.rows = tools.rows();
    this.items = items;
    this.ids = ids;
  }

  /// Makes a job durable and queues it, unless its request has made one before.
  JobInfo accept(NewJob job) {
    requireBounds(job);
    Object request = job.options().get(NewJob.REQUEST);
    return rows.ofRequest(job.library().tenant(), (String) request)
        .map(JobRow::info)
        .orElseGet(() -> make(job));
  }

  private JobInfo make(NewJob job) {
    List<byte[]> encoded = JobItems.encode(job.items().stream().map(Intake::named).toList());
    long bytes = encoded.stream().mapToLong(item -> item.length).sum();
    String tenant = job.library().tenant();
    queue.reserve(tenant, bytes);
    JobRow row;
    try {
      row = write(job, encoded, bytes);
    } catch (RuntimeException e) {
      queue.release(tenant, bytes);
      throw e;
    }
    queue.take(Sweeper.entry(row));
    return row.info();
  }

  private void requireBounds(NewJob job) {
    if (libraries.find(job.library()).isEmpty()) {
      throw ChangeFeed.unknown(job.library());
    }
    if (job.items().size() > config.queue().maxItems()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "The job was given "
              + job.items().size()
              + " documents (expected: at most "
              + config.queue().maxItems()
              + "). Make several jobs of them.");
    }
  }

  /// A document gets its id now, so that it is the same however often the job is tried.
  private static JobItem named(JobItem item) {
    return item instanceof Added(NewDocument document) && document.id() == null
        ? new Added(document.withId(UUID.randomUUID().toString()))
        : item;
  }

  private JobRow write(NewJob job, List<byte[]> encoded, long bytes) {
    String id = ids.next();
    try {
      items.write(id, encoded);
      return rows.write(
          job.library(),
          JobRows.EVENT_BYTES,
          batch -> {
            batch.requireLibrary();
            JobInfo info = created(id, job, batch.time());
            JobRow row = new JobRow(info, job.options(), Map.of(), encoded.size(), bytes);
            JobRows.add(batch, row);
            JobRows.tell(batch, EventType.JOB_CREATED, info);
            return row;
          });
    } catch (ServiceException e) {
      // With OUTCOME_UNKNOWN it may have been accepted: the next sweep finds it then.
      if (!encoded.isEmpty() && e.code() != ErrorCode.OUTCOME_UNKNOWN) {
        clear(id);
      }
      throw e;
    }
  }

  private JobInfo created(String id, NewJob job, Instant now) {
    Integer retries = job.maxRetries();
    return new JobInfo(
        id,
        job.library(),
        job.type(),
        JobStatus.PENDING,
        new Times(now, null, null),
        new Tries(0, retries == null ? config.retry().times() : retries, null),
        new Progress(0, job.items().size(), "waits for its turn"),
        null,
        null);
  }

  private void clear(String id) {
    try {
      items.clear(id);
    } catch (ServiceException e) { // the next start does it
      LOG.atDebug().addKeyValue("code", e.code()).log("what a job was given is still there");
    }
  }
}
