package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Whom every engine tells of what, and in which order.
public abstract class ListenerContract extends JournalFixture {
  @Test
  void saysWhenABatchWasTold() {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    Journal.Subscription second = journal.afterBatches(() -> heard.add("batch"));
    journal.afterBatches(() -> {
      throw new IllegalStateException("a listener's own trouble");
    });
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    journal.submit(Lane.NORMAL, new Told("a", false, heard));
    journal.submit(Lane.NORMAL, new Told("b", true, heard));
    gate.countDown();
    blocker.join();
    append(STREAM, "c"); // is told after the end of the batch before it
    assertThat(heard.subList(0, 3)).containsExactly("a", "b", "batch");

    second.close();
    append(STREAM, "d");
    int before = heard.size();
    append(STREAM, "e");
    assertThat(heard).hasSize(before);
  }

  @Test
  void tellsListenersOfEveryRecordInOrderAfterTheSync() {
    append(STREAM, "before");
    List<String> told = new ArrayList<>();
    Journal.Subscription subscription =
        journal.tail(
            STREAM,
            record -> {
              assertThat(payloads(STREAM)).contains(text(record.payload()));
              told.add(record.offset() + text(record.payload()));
            });
    append(STREAM, "a", "b");
    append(OTHER, "x");
    Change.of(batch -> batch.put(TABLE, bytes("k"), bytes("v"))).submitTo(journal).join();
    assertThat(told).containsExactly("2a", "3b");

    subscription.close();
    append(STREAM, "c");
    assertThat(told).containsExactly("2a", "3b");
  }

  @Test
  void tellsSeveralListenersAlsoAfterOneThatThrows() {
    List<String> told = new ArrayList<>();
    journal.tail(
        STREAM,
        record -> {
          throw new IllegalStateException("thrown by a test");
        });
    Journal.TailListener listener = record -> told.add(text(record.payload()));
    Journal.Subscription first = journal.tail(STREAM, listener);
    journal.tail(STREAM, listener);
    append(STREAM, "a");
    first.close();
    first.close();
    append(STREAM, "b");

    assertThat(told).containsExactly("a", "a", "b");
  }

  @Test
  void tellsOutcomesInTheOrderOfCommit() {
    List<String> told = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    for (int i = 0; i < 50; i++) {
      String name = "n" + i;
      journal.submit(Lane.NORMAL, new Told(name, i % 5 == 3, told));
      changes.add(Change.of(batch -> {}).submitTo(journal));
    }
    gate.countDown();
    blocker.join();
    changes.forEach(Change::join);

    assertThat(told).isEqualTo(IntStream.range(0, 50).mapToObj(i -> "n" + i).toList());
  }

  /// Notes its name when told, also if it refused itself.
  private record Told(String name, boolean refuses, List<String> told) implements Transaction {
    @Override
    public int sizeInBytes() {
      return 1;
    }

    @Override
    public void run(Batch batch) {
      if (refuses) {
        throw new ServiceException(ErrorCode.NOT_FOUND, "refused by a test");
      }
      batch.put(TABLE, bytes(name), bytes("v"));
    }

    @Override
    public void committed() {
      told.add(name);
    }

    @Override
    public void failed(ServiceException reason) {
      told.add(name);
    }
  }
}
