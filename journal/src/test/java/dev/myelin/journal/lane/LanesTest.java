package dev.myelin.journal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Change;
import dev.myelin.journal.Lane;
import dev.myelin.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LanesTest {
  private final Lanes lanes = new Lanes(lane -> new LaneBounds(10_000, 1_000_000));

  private static Waiting item(int bytes) {
    return new Waiting(Change.of(batch -> {}), bytes);
  }

  private Waiting offer(Lane lane) {
    Waiting item = item(1);
    assertThat(lanes.offer(lane, item)).isEqualTo(Admission.ADMITTED);
    return item;
  }

  @Test
  void givesHigherLanesFirstAndEachLaneInOrder() {
    Waiting low = offer(Lane.LOW);
    Waiting normal = offer(Lane.NORMAL);
    Waiting high = offer(Lane.HIGH);
    Waiting secondHigh = offer(Lane.HIGH);

    assertThat(lanes.poll()).isSameAs(high);
    assertThat(lanes.poll()).isSameAs(secondHigh);
    assertThat(lanes.poll()).isSameAs(normal);
    assertThat(lanes.poll()).isSameAs(low);
    assertThat(lanes.poll()).isNull();
  }

  @Test
  void givesTheLowestWaitingLaneOneAfterAThousandFromHigherLanes() {
    for (int i = 0; i < 3_000; i++) {
      offer(Lane.HIGH);
    }
    List<Waiting> low = List.of(offer(Lane.LOW), offer(Lane.LOW));

    List<Integer> turns = new ArrayList<>();
    for (int turn = 0; turn < 3_002; turn++) {
      if (low.contains(lanes.poll())) {
        turns.add(turn);
      }
    }
    assertThat(turns).containsExactly(1_000, 2_001);
  }

  @Test
  void starvesNoLaneBetweenTwoBusyOnes() {
    for (int i = 0; i < 5_000; i++) {
      offer(Lane.HIGH);
      offer(Lane.LOW);
    }
    Waiting normal = offer(Lane.NORMAL);

    int turn = 0;
    while (!normal.equals(lanes.poll())) {
      turn++;
    }
    assertThat(turn).isEqualTo(1_001);
  }

  @Test
  void countsOnlyWhatWentBeforeSomethingThatWaited() {
    for (int i = 0; i < 999; i++) {
      offer(Lane.HIGH);
      lanes.poll();
    }
    Waiting low = offer(Lane.LOW);
    for (int i = 0; i < 1_000; i++) {
      offer(Lane.HIGH);
      assertThat(lanes.poll()).isNotSameAs(low);
    }
    offer(Lane.HIGH);
    assertThat(lanes.poll()).isSameAs(low);
  }

  @Test
  void refusesWhatWouldGoPastABound() {
    Lanes small = new Lanes(lane -> new LaneBounds(2, 100));
    assertThat(small.offer(Lane.LOW, item(101))).isEqualTo(Admission.FULL);
    assertThat(small.offer(Lane.LOW, item(60))).isEqualTo(Admission.ADMITTED);
    assertThat(small.offer(Lane.LOW, item(41))).isEqualTo(Admission.FULL);
    assertThat(small.offer(Lane.LOW, item(40))).isEqualTo(Admission.ADMITTED);
    assertThat(small.load(Lane.LOW).pressure()).isEqualTo(1f);
    assertThat(small.offer(Lane.LOW, item(0))).isEqualTo(Admission.FULL);
    assertThat(small.offer(Lane.NORMAL, item(100))).isEqualTo(Admission.ADMITTED);
    small.poll();
    small.poll();
    assertThat(small.offer(Lane.LOW, item(60))).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void neverHoldsMoreThanItsBoundsUnderContention() throws InterruptedException {
    int capacity = 50;
    long capacityBytes = 2_000;
    Lanes small = new Lanes(lane -> new LaneBounds(capacity, capacityBytes));
    AtomicInteger depth = new AtomicInteger();
    AtomicLong bytes = new AtomicLong();
    AtomicInteger admitted = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> offering = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int size = 30 + 7 * t;
      offering.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!stop.get()) {
                  if (small.offer(Lane.NORMAL, item(size)) == Admission.ADMITTED) {
                    admitted.incrementAndGet();
                  }
                  var load = small.load(Lane.NORMAL);
                  depth.accumulateAndGet(load.depth(), Math::max);
                  bytes.accumulateAndGet(load.bytes(), Math::max);
                }
              }));
    }
    int polled = 0;
    while (polled < 50_000) {
      polled += small.poll() == null ? 0 : 1;
    }
    stop.set(true);
    for (Thread thread : offering) {
      thread.join();
    }
    while (small.poll() != null) {
      polled++;
    }

    assertThat(depth.get()).isLessThanOrEqualTo(capacity);
    assertThat(bytes.get()).isBetween(1L, capacityBytes);
    assertThat(polled).isEqualTo(admitted.get());
    assertThat(small.areDrained()).isTrue();
    assertThat(small.load(Lane.NORMAL).bytes()).isZero();
  }

  @Test
  void takesNothingWhileRefusingNorAfterClosing() {
    lanes.refuse(true);
    assertThat(lanes.offer(Lane.HIGH, item(1))).isEqualTo(Admission.REFUSED);
    lanes.refuse(false);
    offer(Lane.HIGH);
    lanes.close();
    assertThat(lanes.offer(Lane.HIGH, item(1))).isEqualTo(Admission.CLOSED);
    lanes.refuse(true);
    assertThat(lanes.offer(Lane.HIGH, item(1))).isEqualTo(Admission.CLOSED);
    assertThat(lanes.areClosed()).isTrue();
    assertThat(lanes.areDrained()).isFalse();
    lanes.poll();
    assertThat(lanes.areDrained()).isTrue();
  }

  @Test
  void wakesTheOneWhoWaits() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      AtomicInteger polled = new AtomicInteger();
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                while (lanes.poll() == null) {
                  lanes.await(Long.MAX_VALUE);
                }
                polled.incrementAndGet();
              });
      offer(Lane.LOW);
      Eventually.until("the item is taken", () -> polled.get() == 1);
      waiting.join();
    }
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> {
              while (!lanes.areClosed()) {
                lanes.await(Long.MAX_VALUE);
              }
            });
    lanes.close();
    assertThat(waiting.join(Eventually.DEADLINE)).isTrue();
  }

  @Test
  void refusesBoundsThatCannotBeKept() {
    assertThatThrownBy(() -> new LaneBounds(0, 1)).hasMessageContaining("lane capacity: 0");
    assertThatThrownBy(() -> new LaneBounds(1 << 22, 1)).hasMessageContaining("lane capacity");
    assertThatThrownBy(() -> new LaneBounds(1, 0)).hasMessageContaining("lane bytes: 0");
    assertThatThrownBy(() -> new LaneBounds(1, 1L << 40)).hasMessageContaining("lane bytes");
    assertThatThrownBy(() -> item(-1)).hasMessageContaining("size: -1");
  }
}
