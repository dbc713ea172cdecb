package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// How every engine backs up.
public abstract class BackupContract extends JournalFixture {
  @Test
  void backsUpWhileServingAndGivesTheCopyOtherEpochs() {
    append(STREAM, "a", "b");
    Change.of(batch -> batch.put(TABLE, bytes("k"), bytes("v"))).submitTo(journal).join();
    Path copy = temporary.resolve("copy");
    journal.backup(copy);
    append(STREAM, "c");
    Change.of(batch -> batch.erase(STREAM, 1)).submitTo(journal).join();
    String epoch = journal.end(STREAM).orElseThrow().epoch();

    Journal original = journal;
    String copied;
    try (Journal opened = open(copy)) {
      journal = opened;
      assertThat(payloads(STREAM)).containsExactly("a", "b");
      assertThat(text(opened.get(TABLE, bytes("k")))).isEqualTo("v");
      copied = opened.end(STREAM).orElseThrow().epoch();
      assertThat(copied).isNotEqualTo(epoch);
      append(STREAM, "other");
    }
    try (Journal again = open(copy)) {
      assertThat(again.end(STREAM)).contains(new StreamEnd(copied, 3));
    }
    journal = original;
    assertThat(payloads(STREAM)).containsExactly("", "b", "c");
  }

  @Test
  void refusesToBackUpIntoAFolderThatHoldsSomething() {
    Path copy = temporary.resolve("copy");
    journal.backup(copy);

    assertThatThrownBy(() -> journal.backup(copy))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
              assertThat(refused.text()).contains(copy.toString()).contains("empty");
            });
  }
}
