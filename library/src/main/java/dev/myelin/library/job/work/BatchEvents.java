package dev.myelin.library.job.work;

import dev.myelin.library.event.EventType;
import dev.myelin.library.job.store.JobRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of batches, for jobs that are some: the same as where a request brings one.
final class BatchEvents {
  private BatchEvents() {}

  static List<Told> started(JobRow row, String operation) {
    return List.of(new Told(EventType.BATCH_STARTED, data(row, operation)));
  }

  static List<Told> ended(JobRow row, String operation, Tally tally) {
    Map<String, @Nullable Object> data = data(row, operation);
    data.put("succeeded", tally.good());
    data.put("failed", tally.bad());
    boolean nothing = tally.good() == 0 && tally.bad() > 0;
    return List.of(new Told(nothing ? EventType.BATCH_FAILED : EventType.BATCH_COMPLETED, data));
  }

  private static Map<String, @Nullable Object> data(JobRow row, String operation) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("batch_id", row.id());
    data.put("operation", operation);
    data.put("total", row.items());
    return data;
  }
}
