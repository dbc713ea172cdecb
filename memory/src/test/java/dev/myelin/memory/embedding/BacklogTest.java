package dev.myelin.memory.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.model.MemoryId;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {
  @Test
  void beginsWithWhatTheJournalSaysIsWaiting() throws InterruptedException {
    Backlog backlog = new Backlog(2, Duration.ofSeconds(30));
    assertThat(backlog.take(max -> texts(1, 4).subList(0, 3))).isEqualTo(texts(1, 3));
    assertThat(backlog.take(BacklogTest::unasked)).isEqualTo(texts(3, 4));
    assertThat(backlog.take(max -> texts(4, 5))).isEqualTo(texts(4, 5));
  }

  @Test
  void takesNewTextsWithoutAskingTheJournalOnceThatWasEmpty() throws InterruptedException {
    Backlog backlog = emptied(2);
    texts(1, 4).forEach(backlog::add);
    assertThat(backlog.take(BacklogTest::unasked)).isEqualTo(texts(1, 3));
    assertThat(backlog.take(BacklogTest::unasked)).isEqualTo(texts(3, 4));
  }

  @Test
  void asksAgainWhenATextCameDuringTheScan() throws InterruptedException {
    Backlog backlog = new Backlog(2, Duration.ofSeconds(30));
    int[] scans = {0};
    List<WaitingText> taken =
        backlog.take(max -> {
          if (++scans[0] == 1) {
            backlog.add(text(7));
            return List.of();
          }
          return List.of(text(7));
        });
    assertThat(taken).containsExactly(text(7));
    assertThat(scans[0]).isEqualTo(2);
  }

  @Test
  void goesToTheJournalWhenMoreCameThanItKeeps() throws InterruptedException {
    Backlog backlog = emptied(10_000);
    texts(1, 3_000).forEach(backlog::add);
    assertThat(backlog.take(BacklogTest::unasked)).isEqualTo(texts(1, 1_025));
    assertThat(backlog.take(max -> texts(1_025, 1_030))).isEqualTo(texts(1_025, 1_030));
  }

  @Test
  void keepsFewLongTexts() throws InterruptedException {
    Backlog backlog = emptied(10_000);
    for (int i = 1; i < 100; i++) {
      backlog.add(text(i, "x".repeat(65_536)));
    }
    assertThat(backlog.take(BacklogTest::unasked)).hasSize(31);
  }

  @Test
  void looksIntoTheJournalWhenNothingHappens() throws InterruptedException {
    Backlog backlog = new Backlog(2, Duration.ofMillis(5));
    int[] scans = {0};
    assertThat(backlog.take(max -> ++scans[0] < 3 ? List.of() : List.of(text(9))))
        .containsExactly(text(9));
    assertThat(scans[0]).isEqualTo(3);
  }

  /// A backlog that found nothing in the journal and now trusts what it is told.
  private static Backlog emptied(int batchSize) throws InterruptedException {
    Backlog backlog = new Backlog(batchSize, Duration.ofSeconds(30));
    Thread taker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                assertThat(backlog.take(max -> List.of())).containsExactly(text(0));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    while (taker.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    backlog.add(text(0));
    taker.join();
    return backlog;
  }

  private static List<WaitingText> unasked(int max) {
    throw new AssertionError("the journal was asked for " + max);
  }

  private static List<WaitingText> texts(int from, int to) {
    List<WaitingText> texts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      texts.add(text(i));
    }
    return texts;
  }

  private static WaitingText text(int offset) {
    return text(offset, "text " + offset);
  }

  private static WaitingText text(int offset, String text) {
    return new WaitingText(
        SpaceId.DEFAULT, offset, new MemoryId("m" + offset), Instant.EPOCH, text);
  }
}
