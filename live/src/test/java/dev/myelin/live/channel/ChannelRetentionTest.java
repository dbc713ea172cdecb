package dev.myelin.live.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Table;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is kept, and for how long.
final class ChannelRetentionTest extends ChannelFixture {

  private int pairs(Table table) {
    List<byte[]> keys = new ArrayList<>();
    journal.scan(table, new byte[0], (key, _) -> keys.add(key));
    return keys.size();
  }

  @Test
  void keepsTheNewestOfManyAndSaysWhatIsGone() {
    publish(CORE, 25);
    assertThat(channels.end(CORE).offset()).isEqualTo(25);
    assertThat(channels.end(CORE).oldest()).isEqualTo(15);
    assertThat(offsets(CORE, 15)).isEqualTo(range(16, 25));
    fails(ErrorCode.GONE, "expected: 15 to 25", () -> channels.read(CORE, 14, 10));
    fails(ErrorCode.GONE, null, () -> channels.read(CORE, 0, 10));
    assertThat(pairs(ChannelTables.EVENTS)).isEqualTo(10);
    reopen();
    assertThat(offsets(CORE, 15)).isEqualTo(range(16, 25));
    assertThat(publish(CORE, event("next")).offset()).isEqualTo(26);
    assertThat(offsets(CORE, 16)).isEqualTo(range(17, 26));
  }

  @Test
  void keepsLessAsSoonAsItIsToldToKeepLess() {
    publish(CORE, 10);
    reopen(
        new ChannelConfig(3, CONFIG.maxAge(), CONFIG.commandAge(), 1_000, CONFIG.trimInterval()));
    assertThat(channels.end(CORE).oldest()).isEqualTo(7);
    fails(ErrorCode.GONE, null, () -> channels.read(CORE, 6, 10));
    assertThat(offsets(CORE, 7)).isEqualTo(range(8, 10));
    publish(CORE, 1);
    assertThat(pairs(ChannelTables.EVENTS)).isEqualTo(3);
    assertThat(offsets(CORE, 8)).isEqualTo(range(9, 11));
  }

  @Test
  void letsGoOfWhatIsTooOld() {
    publish(CORE, 2);
    clock.advance(Duration.ofMinutes(40));
    publish(CORE, 3);
    publish(OTHER, 1);
    channels.trim();
    assertThat(channels.end(CORE).oldest()).isZero();
    clock.advance(Duration.ofMinutes(40));
    channels.trim();
    assertThat(channels.end(CORE).oldest()).isEqualTo(2);
    assertThat(offsets(CORE, 2)).isEqualTo(range(3, 5));
    assertThat(offsets(OTHER, 0)).isEqualTo(range(1, 1));
    clock.advance(Duration.ofMinutes(40));
    channels.trim();
    assertThat(channels.end(CORE).oldest()).isEqualTo(5);
    assertThat(offsets(CORE, 5)).isEmpty();
    assertThat(pairs(ChannelTables.EVENTS)).isZero();
    assertThat(pairs(ChannelTables.DUE)).isZero();
  }

  @Test
  void goesOnWhereItWasWhenAllWasLetGoOf() {
    publish(CORE, 3);
    String epoch = channels.end(CORE).epoch();
    clock.advance(Duration.ofHours(2));
    channels.trim();
    reopen();
    assertThat(channels.exists(CORE)).isTrue();
    assertThat(publish(CORE, event("next")))
        .extracting(Published::offset, Published::epoch)
        .containsExactly(4L, epoch);
    assertThat(offsets(CORE, 3)).isEqualTo(range(4, 4));
    fails(ErrorCode.GONE, null, () -> channels.read(CORE, 2, 10));
    clock.advance(Duration.ofHours(2));
    channels.trim();
    assertThat(pairs(ChannelTables.EVENTS)).isZero();
  }

  @Test
  void letsGoOfManyChannelsAndManyEvents() {
    reopen(
        new ChannelConfig(
            5_000, CONFIG.maxAge(), CONFIG.commandAge(), 1_000, CONFIG.trimInterval()));
    for (int i = 0; i < 2_500; i++) {
      var _ = channels.publish(CORE, event("x"));
    }
    for (int i = 0; i < 1_200; i++) {
      var _ = channels.publish(ChannelId.parse("default", "conversation:" + i), event("x"));
    }
    publish(OTHER, 1);
    clock.advance(Duration.ofHours(2));
    publish(CORE, 1);
    channels.trim();
    assertThat(offsets(CORE, 2_500)).isEqualTo(range(2_501, 2_501));
    assertThat(pairs(ChannelTables.EVENTS)).isEqualTo(1);
    assertThat(pairs(ChannelTables.DUE)).isEqualTo(1);
  }

  @Test
  void aChannelThatWasDeletedLongAgoHasStillAnotherEpoch() {
    publish(CORE, 3);
    publish(OTHER, 1);
    String first = channels.end(CORE).epoch();
    channels.delete(CORE);
    String second = channels.end(CORE).epoch();
    clock.advance(Duration.ofHours(2));
    channels.trim();
    assertThat(pairs(ChannelTables.CHANNELS)).isEqualTo(1);
    assertThat(channels.end(CORE).epoch()).isNotIn(first, second);
    assertThat(channels.end(OTHER).epoch()).isEqualTo(first);
    assertThat(publish(CORE, event("anew")).epoch()).isNotIn(first, second);
  }

  @Test
  void readsOnWhileItIsTrimmed() throws InterruptedException {
    publish(CORE, 10);
    Thread publisher =
        Thread.startVirtualThread(() -> {
          for (int i = 0; i < 500; i++) {
            publish(CORE, event("more"));
          }
        });
    while (publisher.isAlive()) {
      long oldest = channels.end(CORE).oldest();
      try {
        ChannelPage page = channels.read(CORE, oldest, 100);
        assertThat(page.events().stream().map(ChannelEvent::offset))
            .isEqualTo(range(oldest + 1, page.next()));
      } catch (ServiceException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.GONE);
      }
    }
    publisher.join();
    assertThat(offsets(CORE, 500)).isEqualTo(range(501, 510));
  }

  @Test
  void trimsByItself() {
    reopen(
        new ChannelConfig(10, CONFIG.maxAge(), CONFIG.commandAge(), 1_000, Duration.ofMillis(20)));
    publish(CORE, 3);
    clock.advance(Duration.ofHours(2));
    Eventually.until("all is let go of", () -> channels.end(CORE).oldest() == 3);
  }
}
