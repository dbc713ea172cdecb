package dev.myelin.library.job.store;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.library.event.Cause;
import dev.myelin.library.feed.FeedBatch;
import dev.myelin.library.feed.FeedChange;
import dev.myelin.library.feed.FeedWriter;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.library.store.TableWrite;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Jobs in the tables of the journal. Blocks; any thread.
///
/// **Bonds.** A job that is not over, or has left a file, has a row in [LibraryTables#JOBS], its
/// bond. Whoever writes for a job needs the bond, in the same write: ending a job takes it away,
/// and so does deleting its library. So nothing is done for a job after it ended.
public final class JobRows {
  /// About what an event of a job holds in memory.
  public static final int EVENT_BYTES = 4_096;

  private static final int ROW_BYTES = 4_096;

  private final Journal journal;
  private final FeedWriter writer;

  public JobRows(Journal journal, FeedWriter writer) {
    this.journal = journal;
    this.writer = writer;
  }

  /// The row of a job.
  ///
  /// @param id may be anything
  public Optional<JobRow> find(String tenant, String id) {
    return JobTables.id(id)
        .flatMap(
            known -> Optional.ofNullable(journal.get(JobTables.JOBS, JobTables.job(tenant, known))))
        .map(JobRow::decode);
  }

  /// The job that was accepted for a request.
  ///
  /// @param request by which it is known, a UUID; null for none
  public Optional<JobRow> ofRequest(String tenant, @Nullable String request) {
    if (request == null) {
      return Optional.empty();
    }
    byte[] key = JobTables.request(tenant, UUID.fromString(request));
    return Optional.ofNullable(journal.get(JobTables.REQUESTS, key))
        .map(JobTables::id)
        .flatMap(id -> find(tenant, id.toString()));
  }

  /// Visits the jobs of a tenant, or of all if it is null, newest first in each, until the visitor
  /// returns false.
  public void each(@Nullable String tenant, Predicate<JobRow> visitor) {
    byte[] prefix = tenant == null ? new byte[0] : JobTables.ofTenant(tenant);
    journal.scan(JobTables.JOBS, prefix, (_, value) -> visitor.test(JobRow.decode(value)));
  }

  /// The jobs that are not over.
  public List<JobRow> unfinished() {
    List<JobRow> found = new ArrayList<>();
    each(
        null,
        row -> {
          if (!row.info().status().isFinal()) {
            found.add(row);
          }
          return true;
        });
    return found;
  }

  /// Whether a job still has its bond.
  public boolean isBound(JobInfo job) {
    return journal.get(LibraryTables.JOBS, bond(job)) != null;
  }

  private static byte[] bond(JobInfo job) {
    return JobTables.bond(job.library(), UUID.fromString(job.id()));
  }

  /// Makes a change of a library for a job, and waits for it.
  ///
  /// @throws ServiceException what refused it
  public <T> T write(SpaceId library, int bytes, FeedChange<T> change) {
    return writer.write(library, bytes + ROW_BYTES, change, Cause.NONE);
  }

  // ---- inside a write

  /// The row as it is in this write.
  ///
  /// @throws ServiceException CONFLICT if the job has ended
  public static JobRow requireBound(FeedBatch batch, JobInfo job) {
    batch.requireLibrary();
    byte[] row = batch.tables().get(JobTables.JOBS, key(job));
    if (row == null || batch.tables().get(LibraryTables.JOBS, bond(job)) == null) {
      throw ended(job);
    }
    JobRow now = JobRow.decode(row);
    if (now.info().status().isFinal()) {
      throw ended(job);
    }
    return now;
  }

  private static ServiceException ended(JobInfo job) {
    return new ServiceException(
        ErrorCode.CONFLICT, "Job " + job.id() + " has ended already. Read it to see how.");
  }

  private static byte[] key(JobInfo job) {
    return JobTables.job(job.library().tenant(), UUID.fromString(job.id()));
  }

  /// A job begins to be.
  public static void add(FeedBatch batch, JobRow row) {
    put(batch.tables(), row);
    batch.tables().put(LibraryTables.JOBS, bond(row.info()), new byte[0]);
    UUID request = row.request();
    if (request != null) {
      byte[] id = JobTables.bytes(UUID.fromString(row.id()));
      batch
          .tables()
          .put(JobTables.REQUESTS, JobTables.request(row.library().tenant(), request), id);
    }
  }

  /// A job moves on.
  public static void put(FeedBatch batch, JobRow row) {
    put(batch.tables(), row);
  }

  private static void put(Batch tables, JobRow row) {
    tables.put(JobTables.JOBS, key(row.info()), row.encode());
  }

  /// A job is over, and what it was given goes.
  ///
  /// @param keepsBond whether it has left a file
  public static void end(FeedBatch batch, JobRow row, boolean keepsBond) {
    put(batch.tables(), row);
    clearItems(batch.tables(), row);
    if (!keepsBond) {
      batch.tables().delete(LibraryTables.JOBS, bond(row.info()));
    }
  }

  private static void clearItems(Batch tables, JobRow row) {
    if (row.items() > 0) { // deleting a range is dear
      JobItems.clear(tables, row.id());
    }
  }

  /// Tells of a job.
  public static void tell(FeedBatch batch, String type, JobInfo job) {
    batch.event(type, JobEvents.data(job));
  }

  // ---- where there is no library to write to

  /// A job is over because its library is gone.
  ///
  /// @param row as it is to be from then on
  /// @return false if it was over already, or has its bond: nothing was changed
  public boolean endUnbound(JobRow row) {
    boolean[] ended = {false};
    TableWrite.await(
        journal,
        Lane.NORMAL,
        ROW_BYTES,
        batch -> {
          byte[] now = batch.get(JobTables.JOBS, key(row.info()));
          ended[0] =
              now != null
                  && !JobRow.decode(now).info().status().isFinal()
                  && batch.get(LibraryTables.JOBS, bond(row.info())) == null;
          if (ended[0]) {
            put(batch, row);
            clearItems(batch, row);
          }
        });
    return ended[0];
  }

  /// Takes the bonds of jobs away whose files are gone.
  public void loosen(List<JobInfo> jobs) {
    TableWrite.await(
        journal,
        Lane.NORMAL,
        ROW_BYTES,
        batch -> jobs.forEach(job -> batch.delete(LibraryTables.JOBS, bond(job))));
  }

  /// Forgets jobs that are over.
  public void forget(List<JobInfo> jobs) {
    TableWrite.await(
        journal,
        Lane.NORMAL,
        ROW_BYTES,
        batch -> {
          for (JobInfo job : jobs) {
            forgetRequest(batch, job);
            batch.delete(JobTables.JOBS, key(job));
            batch.delete(LibraryTables.JOBS, bond(job));
          }
        });
  }

  private static void forgetRequest(Batch batch, JobInfo job) {
    byte[] row = batch.get(JobTables.JOBS, key(job));
    UUID request = row == null ? null : JobRow.decode(row).request();
    if (request != null) {
      batch.delete(JobTables.REQUESTS, JobTables.request(job.library().tenant(), request));
    }
  }
}
