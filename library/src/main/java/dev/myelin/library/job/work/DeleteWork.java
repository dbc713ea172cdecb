package dev.myelin.library.job.work;

import dev.myelin.library.Bulk;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Deleted;
import dev.myelin.library.job.store.JobItems;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Deletes documents, several in each write.
public final class DeleteWork implements Work {
  private static final int TOGETHER = 64;
  private static final int TOGETHER_BYTES = 64 * 1024;

  /// Forgetting reads each passage once more on the committer thread, which others wait for.
  private static final int TOGETHER_PASSAGES = 256;

  private static final int PASSAGE_BYTES = 128;
  private static final int DOCUMENT_BYTES = 1_024;
  private static final String OPERATION = "delete";
  private static final String DOING = "deleting documents";

  private final Bulk bulk;
  private final JobItems items;

  public DeleteWork(Bulk bulk, JobItems items) {
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
            ErrorCode.STORAGE_UNUSABLE, "Ids of the job are missing in the data folder.");
      }
      delete(run, ids(some));
      tally = Tally.of(run.row().state());
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("deleted", tally.good());
    result.put("failed", tally.bad());
    result.put("library_id", run.library().name());
    result.put("errors", tally.errors());
    return new Finish(
        tally.progress(total, "all documents were looked for"),
        result,
        BatchEvents.ended(run.row(), OPERATION, tally),
        false);
  }

  private static List<String> ids(List<JobItem> some) {
    List<String> ids = new ArrayList<>();
    for (JobItem item : some) {
      ids.add(item instanceof Deleted deleted ? deleted.documentId() : "");
    }
    return ids;
  }

  private void delete(JobRun run, List<String> ids) {
    List<String> together = new ArrayList<>();
    int passages = 0;
    for (String id : ids) {
      int its = bulk.passages(run.library(), id).orElse(0);
      if (!together.isEmpty() && passages + its > TOGETHER_PASSAGES) {
        write(run, together, passages);
        together = new ArrayList<>();
        passages = 0;
      }
      together.add(id);
      passages += its;
    }
    write(run, together, passages);
  }

  private void write(JobRun run, List<String> ids, int passages) {
    JobRow before = run.row();
    List<String> some = List.copyOf(ids);
    run.commit(
        some.size() * DOCUMENT_BYTES + passages * PASSAGE_BYTES,
        batch -> {
          Tally tally = Tally.of(before.state());
          for (String id : some) {
            tally =
                bulk.delete(batch, id)
                    ? tally.good(0)
                    : tally.bad(id, "There is no document of that id.");
          }
          return tally.checkpoint(before.items(), DOING);
        });
  }
}
