package dev.myelin.journal.rocks;

import dev.myelin.journal.Journal.Subscription;
import dev.myelin.journal.Journal.TailListener;
import dev.myelin.journal.StreamName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who listens to which stream, and who to the end of each batch. Any thread subscribes, the
/// committer thread tells.
final class Tails {
  private static final Logger log = LoggerFactory.getLogger(Tails.class);

  private final Map<StreamName, List<Listening>> listeners = new ConcurrentHashMap<>();
  private final List<Waiting> afterBatches = new CopyOnWriteArrayList<>();

  Subscription subscribe(StreamName stream, TailListener listener) {
    Listening listening = new Listening(listener);
    listeners.merge(
        stream,
        List.of(listening),
        (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
    return () ->
        listeners.computeIfPresent(
            stream,
            (name, some) -> {
              List<Listening> rest = some.stream().filter(other -> other != listening).toList();
              return rest.isEmpty() ? null : rest;
            });
  }

  Subscription afterBatches(Runnable task) {
    Waiting waiting = new Waiting(task);
    afterBatches.add(waiting);
    return () -> afterBatches.remove(waiting);
  }

  /// All transactions of a batch were told.
  void batchTold() {
    for (Waiting waiting : afterBatches) {
      try {
        waiting.task.run();
      } catch (RuntimeException | Error e) {
        log.atError().setCause(e).log("A listener of the journal's batches failed");
      }
    }
  }

  void tell(List<Changes.Entry> entries) {
    if (listeners.isEmpty()) {
      return;
    }
    for (Changes.Entry entry : entries) {
      for (Listening listening : listeners.getOrDefault(entry.stream(), List.of())) {
        try {
          listening.listener.committed(entry.record());
        } catch (RuntimeException | Error e) {
          log.atError()
              .addKeyValue("stream", entry.stream().path())
              .addKeyValue("offset", entry.record().offset())
              .setCause(e)
              .log("A listener of the journal failed");
        }
      }
    }
  }

  /// One subscription; the same listener may subscribe twice.
  private static final class Listening {
    private final TailListener listener;

    Listening(TailListener listener) {
      this.listener = listener;
    }
  }

  /// One subscription to the ends of batches; the same task may subscribe twice.
  private static final class Waiting {
    private final Runnable task;

    Waiting(Runnable task) {
      this.task = task;
    }
  }
}
