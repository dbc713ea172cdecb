package dev.myelin.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.wire.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which recall an answer belongs to.
final class AsksTest {
  private final MyelinException reason = new MyelinException("invalid_space", "No.", null);

  private final Asks asks = new Asks();
  private final Ask first = new Ask("one", RecallQuery.in("a"));
  private final Ask second = new Ask("two", RecallQuery.in("b"));

  @BeforeEach
  void send() {
    asks.add(first);
    asks.add(second);
    var _ = asks.take();
    var _ = asks.take();
  }

  @Test
  void anErrorThatNamesItsRecallFailsThatOneAlone() {
    assertThat(asks.fail("two", reason)).isTrue();
    assertThat(second).isCompletedExceptionally();
    assertThat(first).isNotDone();
    assertThat(asks.found(new Reply.Found("one", List.of(), false, 0, 0, Duration.ZERO))).isTrue();
    assertThat(first).isCompleted();
    assertThat(asks.isEmpty()).isTrue();
  }

  @Test
  void anErrorThatNamesNoneFailsTheOldest() {
    assertThat(asks.fail("", reason)).isTrue();
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isNotDone();
  }

  @Test
  void anErrorOnAnotherRecallFailsNone() {
    assertThat(asks.fail("three", reason)).isFalse();
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
  }
}
