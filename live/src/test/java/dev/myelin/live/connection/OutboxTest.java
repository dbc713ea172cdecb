package dev.myelin.live.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.testkit.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final int BYTES = 1_000 - Outbox.OVERHEAD;

  private final OutboxLimits limits = new OutboxLimits(4_000, 10_000);
  private final Outbox<Text> outbox = new Outbox<>(limits);
  private final Socket socket = new Socket();

  @Test
  void writesAtOnceWhileTheSocketTakesFrames() {
    socket.room = 2;
    assertThat(offer(durable("a"))).isEqualTo(Offered.SENT);
    assertThat(offer(state("b", "ann"))).isEqualTo(Offered.SENT);
    assertThat(outbox.bytes()).isZero();
    assertThat(offer(durable("c"))).isEqualTo(Offered.HELD);
    assertThat(outbox.bytes()).isEqualTo(1_000);
    socket.room = 5;
    // Nothing overtakes what waits.
    assertThat(offer(durable("d"))).isEqualTo(Offered.HELD);
    assertThat(outbox.drain(socket)).isTrue();
    assertThat(socket.written).containsExactly("a", "b", "c", "d");
    assertThat(outbox.bytes()).isZero();
    assertThat(outbox.frames()).isZero();
  }

  @Test
  void keepsOnlyTheLatestOfEachKeyAboveTheSoftMark() {
    offer(state("ann 1", "ann"));
    offer(state("ann 2", "ann"));
    offer(durable("d1"));
    offer(state("bob 1", "bob"));
    // Up to the mark everything waits, whatever its key.
    assertThat(outbox.frames()).isEqualTo(4);
    assertThat(offer(durable("d2"))).isEqualTo(Offered.OVER_SOFT);
    assertThat(offer(state("ann 3", "ann"))).isEqualTo(Offered.MERGED);
    assertThat(outbox.frames()).isEqualTo(4);
    drainAll();
    assertThat(socket.written).containsExactly("d1", "bob 1", "d2", "ann 3");
  }

  @Test
  void warnsOnceEachTimeTheQueueGrowsLong() {
    for (int i = 0; i < 4; i++) {
      assertThat(offer(durable("d"))).isEqualTo(Offered.HELD);
    }
    assertThat(offer(durable("d"))).isEqualTo(Offered.OVER_SOFT);
    assertThat(offer(durable("d"))).isEqualTo(Offered.HELD);
    socket.room = 3;
    assertThat(outbox.drain(socket)).isFalse();
    // Still above half of the mark: that is the same trouble.
    offer(durable("d"));
    assertThat(offer(durable("d"))).isEqualTo(Offered.HELD);
    drainAll();
    for (int i = 0; i < 4; i++) {
      offer(durable("d"));
    }
    assertThat(offer(durable("d"))).isEqualTo(Offered.OVER_SOFT);
  }

  @Test
  void leavesOutEphemeralFramesAtTheHardMarkAndRefusesDurableOnes() {
    for (int i = 0; i < 10; i++) {
      offer(durable("d" + i));
    }
    assertThat(outbox.bytes()).isEqualTo(10_000);
    assertThat(offer(passing("progress"))).isEqualTo(Offered.LEFT_OUT);
    assertThat(offer(state("typing", "ann"))).isEqualTo(Offered.LEFT_OUT);
    assertThat(outbox.frames()).isEqualTo(10);
    assertThat(offer(durable("one too many"))).isEqualTo(Offered.OVER_HARD);
    // What waits would never be sent: its memory is free at once.
    assertThat(outbox.bytes()).isZero();
    socket.room = 1;
    assertThat(offer(durable("after"))).isEqualTo(Offered.OVER_HARD);
    assertThat(offer(passing("after"))).isEqualTo(Offered.LEFT_OUT);
    assertThat(socket.written).isEmpty();
  }

  @Test
  void takesOneFrameHoweverLarge() {
    assertThat(offer(new Text("huge", 1 << 20, false, null))).isEqualTo(Offered.OVER_SOFT);
    assertThat(offer(durable("next"))).isEqualTo(Offered.OVER_HARD);
  }

  @Test
  void forgetsWhatWaitsWhenTheConnectionEnds() {
    offer(state("a", "ann"));
    offer(durable("b"));
    outbox.clear();
    assertThat(outbox.frames()).isZero();
    drainAll();
    assertThat(socket.written).isEmpty();
  }

  @Test
  void keepsItsPromisesUnderAnyPressure() {
    Random random = Seed.of("OutboxTest").random();
    for (int round = 0; round < 200; round++) {
      pressure(random);
    }
  }

  /// Offers and drains at random, and compares with what was offered: durable frames all and in
  /// order, ephemeral ones in order, the last of each key never lost to an earlier one.
  private void pressure(Random random) {
    Outbox<Text> box = new Outbox<>(limits);
    Socket reader = new Socket();
    List<String> durable = new ArrayList<>();
    Map<Object, Integer> lastOfKey = new HashMap<>();
    boolean ended = false;
    for (int i = 0; i < 500 && !ended; i++) {
      Text frame = randomFrame(random, i);
      long before = box.bytes();
      Offered offered = box.offer(frame, reader);
      switch (offered) {
        case OVER_HARD -> {
          assertThat(frame.isEphemeral()).isFalse();
          assertThat(before + frame.bytes() + Outbox.OVERHEAD).isGreaterThan(limits.hard());
          ended = true;
        }
        case LEFT_OUT -> {
          assertThat(frame.isEphemeral()).isTrue();
          lastOfKey.remove(frame.keyOrSelf());
        }
        case MERGED -> {
          assertThat(before).isGreaterThan(limits.soft());
          assertThat(frame.key()).isNotNull();
          lastOfKey.put(frame.keyOrSelf(), i);
        }
        case SENT, HELD, OVER_SOFT -> {
          if (frame.isEphemeral()) {
            lastOfKey.put(frame.keyOrSelf(), i);
          } else {
            durable.add(frame.text());
          }
        }
      }
      assertThat(box.bytes()).isLessThanOrEqualTo(limits.hard());
      if (random.nextInt(6) == 0) {
        reader.room = random.nextInt(random.nextInt(10) == 0 ? 60 : 6);
        box.drain(reader);
      }
    }
    if (!ended) {
      reader.room = Integer.MAX_VALUE;
      assertThat(box.drain(reader)).isTrue();
      assertThat(box.bytes()).isZero();
      assertThat(reader.written.stream().filter(text -> text.startsWith("d")))
          .containsExactlyElementsOf(durable);
    }
    List<Integer> order =
        reader.written.stream().map(text -> Integer.valueOf(text.substring(1))).toList();
    assertThat(order).isSorted().doesNotHaveDuplicates();
    if (!ended) {
      assertThat(order).containsAll(lastOfKey.values());
    }
  }

  private static Text randomFrame(Random random, int number) {
    int bytes = random.nextInt(random.nextInt(20) == 0 ? 3_000 : 400);
    return switch (random.nextInt(4)) {
      case 0 -> new Text("e" + number, bytes, true, null);
      case 1 -> new Text("d" + number, bytes, false, null);
      default -> new Text("k" + number, bytes, true, "key" + random.nextInt(5));
    };
  }

  @Test
  void refusesMarksThatMakeNoSense() {
    assertThatThrownBy(() -> new OutboxLimits(0, 10)).hasMessageContaining("gateway.outbox-soft");
    assertThatThrownBy(() -> new OutboxLimits(10, 9))
        .hasMessage("gateway.outbox-hard: 9 (expected: 10, the soft mark, or more)");
  }

  private Offered offer(Text frame) {
    return outbox.offer(frame, socket);
  }

  private void drainAll() {
    socket.room = Integer.MAX_VALUE;
    assertThat(outbox.drain(socket)).isTrue();
    socket.room = 0;
  }

  private static Text durable(String text) {
    return new Text(text, BYTES, false, null);
  }

  private static Text passing(String text) {
    return new Text(text, BYTES, true, null);
  }

  private static Text state(String text, String key) {
    return new Text(text, BYTES, true, key);
  }

  private record Text(String text, int bytes, boolean isEphemeral, @Nullable Object key)
      implements Frame {
    Object keyOrSelf() {
      return key == null ? text : key;
    }
  }

  /// Takes as many frames as there is room for.
  private static final class Socket implements Outbox.Sink<Text> {
    final List<String> written = new ArrayList<>();
    int room;

    @Override
    public boolean takesMore() {
      return room > 0;
    }

    @Override
    public void write(Text frame) {
      room--;
      written.add(frame.text());
    }
  }
}
