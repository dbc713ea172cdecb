package dev.myelin.library.job.store;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.store.TableWrite;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What jobs are given: in rows of bounded size, durable before the job is. Blocks; any thread.
public final class JobItems {
  /// The longest row; an item may have several.
  static final int PART_BYTES = 256 * 1024;

  private static final int WRITE_BYTES = 1024 * 1024;
  private static final int ROW_BYTES = 64;

  private final Journal journal;

  public JobItems(Journal journal) {
    this.journal = journal;
  }

  /// A row that is to be written.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Part(long index, int number, byte[] bytes) {}

  /// The stored form of items, as [#write(String, List)] takes it.
  public static List<byte[]> encode(List<JobItem> items) {
    return items.stream().map(ItemForm::encode).toList();
  }

  /// Writes all items of a job, in several writes if they are long.
  ///
  /// @throws dev.myelin.model.ServiceException what refused it; some may be there
  public void write(String job, List<byte[]> items) {
    UUID id = UUID.fromString(job);
    List<Part> waiting = new ArrayList<>();
    int bytes = 0;
    for (int index = 0; index < items.size(); index++) {
      byte[] item = items.get(index);
      int number = 0;
      for (int at = 0; at < item.length; at += PART_BYTES) {
        byte[] part = Arrays.copyOfRange(item, at, Math.min(item.length, at + PART_BYTES));
        waiting.add(new Part(index, number++, part));
        bytes += part.length + ROW_BYTES;
        if (bytes >= WRITE_BYTES) {
          write(id, waiting, bytes);
          waiting = new ArrayList<>();
          bytes = 0;
        }
      }
    }
    if (!waiting.isEmpty()) {
      write(id, waiting, bytes);
    }
  }

  private void write(UUID id, List<Part> parts, int bytes) {
    TableWrite.await(
        journal,
        Lane.NORMAL,
        bytes,
        batch ->
            parts.forEach(part ->
                batch.put(
                    JobTables.ITEMS,
                    JobTables.item(id, part.index, part.number),
                    part.bytes.clone())));
  }

  /// Some items of a job.
  ///
  /// @param from the number of the first one
  /// @param max how many at most
  /// @param maxBytes how much at most; one comes in any case, if there is one
  public List<JobItem> read(String job, long from, int max, int maxBytes) {
    UUID id = UUID.fromString(job);
    Reading reading = new Reading(max, maxBytes);
    journal.scan(
        JobTables.ITEMS,
        JobTables.items(id),
        JobTables.item(id, from, 0),
        (key, value) -> reading.add(JobTables.indexOfItem(key), value));
    return reading.end();
  }

  /// Puts parts together.
  private static final class Reading {
    private final int max;
    private final int maxBytes;
    private final List<JobItem> items = new ArrayList<>();
    private final ByteArrayOutputStream item = new ByteArrayOutputStream();
    private long index = -1;
    private int bytes;

    Reading(int max, int maxBytes) {
      this.max = max;
      this.maxBytes = maxBytes;
    }

    /// Returns whether there is room for more.
    boolean add(long itsIndex, byte[] part) {
      if (itsIndex != index) {
        take();
        if (items.size() == max || bytes >= maxBytes) {
          return false;
        }
        index = itsIndex;
      }
      item.writeBytes(part);
      bytes += part.length;
      return true;
    }

    private void take() {
      if (item.size() > 0) {
        items.add(ItemForm.decode(item.toByteArray()));
        item.reset();
      }
    }

    List<JobItem> end() {
      take();
      return items;
    }
  }

  /// Lets go of all items of a job, in somebody's write.
  static void clear(Batch batch, String job) {
    batch.deleteAll(JobTables.ITEMS, JobTables.items(UUID.fromString(job)));
  }

  /// Lets go of all items of a job.
  public void clear(String job) {
    TableWrite.await(journal, Lane.NORMAL, ROW_BYTES, batch -> clear(batch, job));
  }

  /// Lets go of items that belong to none of these jobs: left behind where a job was never
  /// accepted.
  public void clearAllBut(Set<String> jobs) {
    UUID found = first(new byte[0]);
    while (found != null) {
      if (!jobs.contains(found.toString())) {
        clear(found.toString());
      }
      found = first(JobTables.item(found, Long.MAX_VALUE, Integer.MAX_VALUE));
    }
  }

  private @Nullable UUID first(byte[] from) {
    @Nullable UUID[] found = new UUID[1];
    journal.scan(
        JobTables.ITEMS,
        new byte[0],
        from,
        (key, _) -> {
          found[0] = JobTables.jobOfItem(key);
          return false;
        });
    return found[0];
  }
}
