package dev.myelin.live.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventFormTest {
  private static final ChannelEvent EVENT =
      new ChannelEvent(
          ChannelFixture.CORE,
          "id",
          "a.b",
          3,
          2,
          ManualClock.START,
          null,
          "ann",
          ChannelFixture.json("é"));

  @Test
  void hasTheFormThatItHad() {
    assertThat(HexFormat.of().formatHex(EventForm.encode(EVENT)))
        .isEqualTo(
            "01"
                + "0000019b76daa800"
                + "0000000000000002"
                + "000000026964"
                + "00000003612e62"
                + "ffffffff"
                + "00000003616e6e"
                + "7b2274657874223a22c3a9227d");
    assertThat(EventForm.millis(EventForm.encode(EVENT)))
        .isEqualTo(ManualClock.START.toEpochMilli());
  }

  @Test
  void readsWhatItWrote() {
    assertThat(EventForm.decode(EVENT.channel(), 3, EventForm.encode(EVENT)))
        .usingRecursiveComparison()
        .isEqualTo(EVENT);
  }

  @Test
  void refusesWhatItCannotRead() {
    byte[] form = EventForm.encode(EVENT);
    byte[] newer = form.clone();
    newer[0] = 2;
    fails(newer, "newer server");
    for (int length = 0; length < form.length - EVENT.payload().length; length++) {
      fails(Arrays.copyOf(form, length), "damaged");
    }
  }

  @Test
  void damageLeadsToNothingButARefusal() {
    Random random = Seed.of("EventFormTest").random();
    byte[] form = EventForm.encode(EVENT);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = form.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(EventForm.decode(EVENT.channel(), 3, damaged).payload()).isNotNull();
      } catch (ServiceException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE);
      }
    }
  }

  private static void fails(byte[] form, String text) {
    ChannelFixture.fails(
        ErrorCode.STORAGE_UNUSABLE, text, () -> EventForm.decode(EVENT.channel(), 3, form));
  }
}
