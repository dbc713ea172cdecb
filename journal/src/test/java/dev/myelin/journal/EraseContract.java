package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.model.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// How every engine erases payloads and deletes streams.
public abstract class EraseContract extends JournalFixture {
  @Test
  void erasesAPayloadAndKeepsItsPlace() {
    clock.set(Instant.parse("2026-02-02T00:00:00Z"));
    append(STREAM, "a", "secret", "c");
    Instant time = clock.instant();
    clock.advance(Duration.ofHours(1));
    Change.of(batch -> batch.erase(STREAM, 2)).submitTo(journal).join();
    Change.of(batch -> batch.erase(STREAM, 2)).submitTo(journal).join();

    assertErased(time);
    reopen();
    assertErased(time);
    append(STREAM, "d");
    assertThat(payloads(STREAM)).containsExactly("a", "", "c", "d");
  }

  private void assertErased(Instant time) {
    JournalRecord erased = journal.read(STREAM, 2);
    assertThat(erased).isNotNull();
    assertThat(erased.erased()).isTrue();
    assertThat(erased.payload()).isEmpty();
    assertThat(erased.kind()).isEqualTo(KIND);
    assertThat(erased.committedAt()).isEqualTo(time);
    assertThat(journal.read(STREAM, 1, PageLimit.DEFAULT).records().get(1).erased()).isTrue();
  }

  @Test
  void erasesWhatWasAppendedInTheSameBatch() {
    Change append = Change.of(batch -> batch.append(STREAM, KIND, bytes("one")));
    Change erase =
        Change.of(batch -> {
          long offset = batch.append(STREAM, KIND, bytes("two"));
          batch.erase(STREAM, 1);
          batch.erase(STREAM, offset);
        });
    inOneBatch(append, erase);
    erase.join();

    assertThat(payloads(STREAM)).containsExactly("", "");
  }

  @Test
  void refusesToEraseWhatWasNeverWritten() {
    append(STREAM, "a");

    Change erase = Change.of(batch -> batch.erase(STREAM, 2)).submitTo(journal);

    assertThat(erase.failure().code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(payloads(STREAM)).containsExactly("a");
  }

  @Test
  void deletesAStreamAndBeginsItAnewInAnotherEpoch() {
    append(STREAM, "a", "b");
    append(OTHER, "kept");
    String epoch = journal.end(STREAM).orElseThrow().epoch();
    Change.of(batch -> batch.delete(STREAM)).submitTo(journal).join();

    assertThat(journal.end(STREAM)).isEmpty();
    assertThat(journal.read(STREAM, 1)).isNull();
    assertThat(journal.read(STREAM, 1, PageLimit.DEFAULT).records()).isEmpty();

    append(STREAM, "anew");
    assertThat(payloads(STREAM)).containsExactly("anew");
    assertThat(journal.end(STREAM).orElseThrow().lastOffset()).isEqualTo(1);
    assertThat(journal.end(STREAM).orElseThrow().epoch()).isNotEqualTo(epoch);
    assertThat(payloads(OTHER)).containsExactly("kept");
  }

  @Test
  void appendsDeletesAndAppendsWithinOneTransaction() {
    append(STREAM, "old");
    Change.of(
            batch -> {
              batch.append(STREAM, KIND, bytes("gone"));
              batch.delete(STREAM);
              assertThat(batch.lastOffset(STREAM)).isZero();
              batch.append(STREAM, KIND, bytes("new"));
              batch.append(OTHER, KIND, bytes("gone"));
              batch.delete(OTHER);
            })
        .submitTo(journal)
        .join();

    assertThat(payloads(STREAM)).containsExactly("new");
    assertThat(journal.end(OTHER)).isEmpty();
    reopen();
    assertThat(payloads(STREAM)).containsExactly("new");
  }
}
