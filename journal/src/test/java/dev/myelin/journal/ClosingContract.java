package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// What every engine keeps over closing and opening.
public abstract class ClosingContract extends JournalFixture {
  @Test
  void keepsEverythingWhenClosedAndOpened() {
    append(STREAM, "a", "b");
    Change.of(batch -> batch.put(TABLE, bytes("k"), bytes("v"))).submitTo(journal).join();
    StreamEnd before = journal.end(STREAM).orElseThrow();

    reopen();
    append(STREAM, "c");

    assertThat(payloads(STREAM)).containsExactly("a", "b", "c");
    assertThat(text(journal.get(TABLE, bytes("k")))).isEqualTo("v");
    assertThat(journal.end(STREAM)).contains(new StreamEnd(before.epoch(), 3));
  }

  @Test
  void settlesWhatWasQueuedWhenClosed() {
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    List<Lane> lanes = List.of(Lane.values());
    List<Change> queued = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String payload = "p" + i;
      queued.add(
          Change.of(batch -> batch.append(STREAM, KIND, bytes(payload)))
              .submitTo(journal, lanes.get(i % 3)));
    }
    Thread closing = Thread.ofPlatform().start(journal::close);
    gate.countDown();
    join(closing);

    blocker.join();
    queued.forEach(Change::join);
    assertThatThrownBy(() -> Change.of(batch -> {}).submitTo(journal))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    assertThatThrownBy(() -> journal.end(STREAM))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    journal.close();
    reopen();
    assertThat(payloads(STREAM)).hasSize(20);
  }
}
