package dev.myelin.library.job.work;

import dev.myelin.library.Bulk;
import dev.myelin.library.Bulk.Prepared;
import dev.myelin.library.DocumentDraft;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import dev.myelin.library.job.model.JobItem.Refused;
import dev.myelin.library.job.store.JobItems;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds documents, a few in each write; a bad one fails alone.
public final class ImportWork implements Work {
  private static final int TOGETHER = 16;
  private static final int TOGETHER_BYTES = 512 * 1024;
  private static final String OPERATION = "add";
  private static final String DOING = "adding documents";

  private final Bulk bulk;
  private final JobItems items;

  public ImportWork(Bulk bulk, JobItems items) {
    this.bulk = bulk;
    this.items = items;
  }

  @Override
  public List<Told> beginning(JobRow row) {
    return BatchEvents.started(row, OPERATION);
  }

  @Override
  public Finish run(JobRun run) {
    long total = run.row().items();
    Tally tally = Tally.of(run.row().state());
    while (tally.next() < total) {
      run.requireRunning();
      List<JobItem> some = items.read(run.row().id(), tally.next(), TOGETHER, TOGETHER_BYTES);
      if (some.isEmpty()) {
        throw new ServiceException(
            ErrorCode.STORAGE_UNUSABLE, "Documents of the job are missing in the data folder.");
      }
      commit(run, prepare(run, some));
      tally = Tally.of(run.row().state());
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("imported", tally.good());
    result.put("failed", tally.bad());
    result.put("total_chunks", tally.passages());
    result.put("library_id", run.library().name());
    result.put("errors", tally.errors());
    return new Finish(
        tally.progress(total, "all documents were read"),
        result,
        BatchEvents.ended(run.row(), OPERATION, tally),
        false);
  }

  /// One that is ready, or the reason why not, for each item.
  private List<Prepared> prepare(JobRun run, List<JobItem> some) {
    List<NewDocument> documents = new ArrayList<>();
    for (JobItem item : some) {
      if (item instanceof Added added) {
        documents.add(added.document());
      }
    }
    Iterator<Prepared> ready = bulk.prepare(run.library(), documents).iterator();
    List<Prepared> all = new ArrayList<>();
    for (JobItem item : some) {
      all.add(
          switch (item) {
            case Added _ -> ready.next();
            case Refused refused -> refused(refused.reason());
            case JobItem.Deleted _ -> refused("It is no document.");
          });
    }
    return all;
  }

  private static Prepared refused(String reason) {
    return Prepared.failed(new ServiceException(ErrorCode.INVALID_DOCUMENT, reason));
  }

  /// Commits all in one write; if one of them is in the way, each in a write of its own.
  private void commit(JobRun run, List<Prepared> all) {
    try {
      write(run, all);
    } catch (ServiceException e) {
      if (!Bulk.isOfOne(e)) {
        throw e;
      }
      if (all.size() == 1) {
        write(run, List.of(Prepared.failed(e)));
      } else {
        all.forEach(one -> commit(run, List.of(one)));
      }
    }
  }

  private void write(JobRun run, List<Prepared> all) {
    JobRow before = run.row();
    int bytes = 0;
    for (Prepared one : all) {
      bytes += one.draft() == null ? 0 : one.draft().bytes();
    }
    run.commit(
        bytes,
        batch -> {
          Tally tally = Tally.of(before.state());
          for (Prepared one : all) {
            DocumentDraft draft = one.draft();
            if (draft == null) {
              ServiceException failure = one.failure();
              tally = tally.bad(null, failure == null ? "It was not added." : failure.text());
            } else if (bulk.add(batch, draft)) {
              tally = tally.good(draft.passages());
            } else {
              tally = tally.bad(draft.id(), "A document of that id exists already.");
            }
          }
          return tally.checkpoint(before.items(), DOING);
        });
  }
}
