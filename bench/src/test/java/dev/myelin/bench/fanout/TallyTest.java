package dev.myelin.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.bench.load.LoadFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally(2, 3);

  private void arrive(int listener, long number, long nanos) {
    tally.arrived(listener, payload("{\"title\":\"" + Tally.mark(number) + "\"}"), nanos);
  }

  private static ByteBuffer payload(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void measuresFromWhenAnEventWasDue() {
    tally.measureFrom(2);
    for (int number = 1; number <= 3; number++) {
      tally.published(number, 1_000L * number);
    }
    for (int listener = 0; listener < 2; listener++) {
      arrive(listener, 1, 5_000_000);
      arrive(listener, 2, 2_500);
      arrive(listener, 3, 3_500);
    }

    assertThat(tally.delivered()).isEqualTo(6);
    assertThat(tally.latency().getTotalCount()).isEqualTo(4);
    assertThat(tally.latency().getMaxValue()).isEqualTo(500);
  }

  @Test
  void takesAnyOrderThatIsTheSameForAll() {
    arrive(0, 2, 1);
    arrive(0, 1, 1);
    arrive(1, 2, 1);
    arrive(1, 1, 1);
    arrive(1, 3, 1);
    arrive(0, 3, 1);

    assertThat(tally.delivered()).isEqualTo(6);
  }

  @Test
  void refusesWhatIsDoubledMissingOrInAnotherOrder() {
    arrive(0, 2, 1);
    arrive(0, 1, 1);

    assertThatThrownBy(() -> arrive(0, 1, 1)).isInstanceOf(LoadFailure.class);
    assertThatThrownBy(() -> arrive(1, 1, 1)).hasMessageContaining("listener 1 heard of event 1");
  }

  @Test
  void whatCarriesNoNumberIsNoEvent() {
    tally.arrived(0, payload("{\"type\":\"system\"}"), 1);
    tally.arrived(0, payload(""), 1);

    assertThat(tally.delivered()).isZero();
  }

  @Test
  void framesArePutTogetherHoweverTheyAreCut() {
    ByteBuffer bytes = ByteBuffer.allocate(70_000 + 400);
    for (int length : new int[] {0, 125, 126, 70_000}) {
      bytes.put((byte) 0x81);
      if (length < 126) {
        bytes.put((byte) length);
      } else if (length < 65_536) {
        bytes.put((byte) 126).putShort((short) length);
      } else {
        bytes.put((byte) 127).putLong(length);
      }
      bytes.put(new byte[length]);
    }
    bytes.flip();
    for (int step : new int[] {1, 2, 3, 127, 65_536, 100_000}) {
      Frames frames = new Frames();
      List<Integer> lengths = new ArrayList<>();
      for (int at = 0; at < bytes.limit(); at += step) {
        ByteBuffer part = bytes.slice(at, Math.min(step, bytes.limit() - at));
        frames.take(part, (_, payload) -> lengths.add(payload.remaining()));
      }
      assertThat(lengths).containsExactly(0, 125, 126, 70_000);
    }
  }
}
