package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every engine makes of transactions: all or nothing, one after the other.
public abstract class TransactionContract extends JournalFixture {
  @Test
  void undoesOnlyTheTransactionThatRefuses() {
    Change before = Change.of(batch -> batch.append(STREAM, KIND, bytes("before")));
    Change refusing =
        Change.of(batch -> {
          batch.append(STREAM, KIND, bytes("never"));
          batch.append(OTHER, KIND, bytes("never"));
          batch.put(TABLE, bytes("k"), bytes("never"));
          batch.deleteAll(OTHER_TABLE, bytes(""));
          throw new ServiceException(ErrorCode.TOO_MANY_SPACES, "no room");
        });
    AtomicInteger seen = new AtomicInteger();
    Change after =
        Change.of(batch -> {
          seen.set((int) batch.lastOffset(STREAM));
          batch.append(STREAM, KIND, bytes("after"));
        });
    Change.of(batch -> batch.put(OTHER_TABLE, bytes("k"), bytes("kept"))).submitTo(journal).join();
    inOneBatch(before, refusing, after);

    before.join();
    assertThat(refusing.failure().code()).isEqualTo(ErrorCode.TOO_MANY_SPACES);
    assertThat(refusing.failure().text()).isEqualTo("no room");
    after.join();
    assertThat(seen).hasValue(1);
    assertThat(payloads(STREAM)).containsExactly("before", "after");
    assertThat(journal.end(OTHER)).isEmpty();
    assertThat(journal.get(TABLE, bytes("k"))).isNull();
    assertThat(text(journal.get(OTHER_TABLE, bytes("k")))).isEqualTo("kept");
  }

  @Test
  void undoesATransactionWithABugAndGoesOn() {
    Change buggy =
        Change.of(batch -> {
          batch.append(STREAM, KIND, bytes("never"));
          throw new IllegalStateException("secret detail");
        });
    Change after = Change.of(batch -> batch.append(STREAM, KIND, bytes("after")));
    inOneBatch(buggy, after);

    assertThat(buggy.failure().code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(buggy.failure().text()).doesNotContain("secret");
    after.join();
    assertThat(payloads(STREAM)).containsExactly("after");
  }

  @Test
  void goesOnAfterAnOutcomeThatThrows() {
    journal.submit(
        Lane.NORMAL,
        new Transaction() {
          @Override
          public int sizeInBytes() {
            return 1;
          }

          @Override
          public void run(Batch batch) {
            batch.append(STREAM, KIND, bytes("a"));
          }

          @Override
          public void committed() {
            throw new IllegalStateException("thrown by a test");
          }

          @Override
          public void failed(ServiceException reason) {
            throw reason;
          }
        });
    append(STREAM, "b");

    assertThat(payloads(STREAM)).containsExactly("a", "b");
  }

  @Test
  void showsATransactionEarlierOnesAndItsOwnChanges() {
    List<@Nullable String> seen = new ArrayList<>();
    Change first =
        Change.of(batch -> {
          batch.put(TABLE, bytes("k"), bytes("1"));
          seen.add(text(batch.get(TABLE, bytes("k"))));
        });
    Change second =
        Change.of(batch -> {
          seen.add(text(batch.get(TABLE, bytes("k"))));
          batch.delete(TABLE, bytes("k"));
          seen.add(text(batch.get(TABLE, bytes("k"))));
        });
    Change third =
        Change.of(batch -> {
          seen.add(text(batch.get(TABLE, bytes("k"))));
          batch.put(TABLE, bytes("k"), bytes("3"));
        });
    inOneBatch(first, second, third);
    third.join();

    assertThat(seen).containsExactly("1", "1", null, null);
    assertThat(text(journal.get(TABLE, bytes("k")))).isEqualTo("3");
  }

  @Test
  void forbidsABatchAfterItsTransaction() {
    AtomicReference<Batch> kept = new AtomicReference<>();
    Change.of(kept::set).submitTo(journal).join();

    assertThatThrownBy(() -> kept.get().append(STREAM, KIND, bytes("late")))
        .isInstanceOf(IllegalStateException.class);
  }
}
