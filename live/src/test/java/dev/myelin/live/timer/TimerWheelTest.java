package dev.myelin.live.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private final ManualClock clock = new ManualClock();
  private final TimerWheel wheel = TimerWheel.standing(clock);
  private final List<String> ran = new ArrayList<>();

  @Test
  void runsATaskWhenItIsDueAndNotBefore() {
    wheel.schedule(Duration.ofSeconds(15), () -> ran.add("leave"));
    pass(Duration.ofMillis(14_999));
    assertThat(ran).isEmpty();
    assertThat(wheel.pending()).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(ran).containsExactly("leave");
    assertThat(wheel.pending()).isZero();
    pass(Duration.ofMinutes(5));
    assertThat(ran).hasSize(1);
  }

  @Test
  void keepsTimeoutsApartThatShareASlot() {
    // The wheel goes round in 51.2 s, so these three meet in one slot.
    wheel.schedule(Duration.ofMillis(102_500), () -> ran.add("third"));
    wheel.schedule(Duration.ofMillis(51_300), () -> ran.add("second"));
    wheel.schedule(Duration.ofMillis(100), () -> ran.add("first"));
    pass(Duration.ofMillis(100));
    assertThat(ran).containsExactly("first");
    pass(Duration.ofMillis(51_200));
    assertThat(ran).containsExactly("first", "second");
    pass(Duration.ofMillis(51_199));
    assertThat(ran).containsExactly("first", "second");
    pass(Duration.ofMillis(1));
    assertThat(ran).containsExactly("first", "second", "third");
  }

  @Test
  void neverRunsWhatWasCalledOff() {
    Timeout off = wheel.schedule(Duration.ofSeconds(1), () -> ran.add("off"));
    Timeout on = wheel.schedule(Duration.ofSeconds(1), () -> ran.add("on"));
    assertThat(off.cancel()).isTrue();
    assertThat(off.cancel()).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("on");
    assertThat(on.cancel()).isFalse();
    assertThat(wheel.pending()).isZero();
  }

  @Test
  void runsEverythingAfterALongStandstillInTheOrderOfItsTime() {
    for (int seconds : new int[] {7, 3, 40, 25}) {
      wheel.schedule(Duration.ofSeconds(seconds), () -> ran.add(seconds + " s"));
    }
    Timeout later = wheel.schedule(Duration.ofHours(2), () -> ran.add("2 h"));
    clock.advance(Duration.ofSeconds(45));
    wheel.turn();
    assertThat(ran).containsExactly("3 s", "7 s", "25 s", "40 s");
    clock.advance(Duration.ofHours(1));
    wheel.turn();
    assertThat(ran).hasSize(4);
    clock.advance(Duration.ofHours(3));
    wheel.turn();
    assertThat(ran).endsWith("2 h");
    assertThat(later.cancel()).isFalse();
  }

  @Test
  void takesWhatATaskSchedulesAndGoesOnAfterAFailure() {
    wheel.schedule(
        Duration.ofSeconds(1),
        () -> {
          throw new IllegalStateException("on purpose");
        });
    wheel.schedule(
        Duration.ofSeconds(1), () -> wheel.schedule(Duration.ZERO, () -> ran.add("at once")));
    pass(Duration.ofSeconds(1));
    pass(TimerWheel.TICK);
    assertThat(ran).containsExactly("at once");
  }

  @Test
  void agreesWithASortedListWhateverComes() {
    Random random = Seed.of("TimerWheelTest").random();
    record Task(long due, Timeout timeout) {}
    List<Task> waiting = new ArrayList<>();
    AtomicInteger runs = new AtomicInteger();
    long now = 0;
    int expected = 0;
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(3) > 0) {
        long delay = random.nextInt(200_000);
        long due = now + delay;
        waiting.add(new Task(due, wheel.schedule(Duration.ofMillis(delay), runs::incrementAndGet)));
      }
      if (!waiting.isEmpty() && random.nextInt(4) == 0) {
        Task task = waiting.remove(random.nextInt(waiting.size()));
        assertThat(task.timeout().cancel()).isTrue();
      }
      int millis = random.nextInt(random.nextInt(50) == 0 ? 120_000 : 200);
      clock.advance(Duration.ofMillis(millis));
      now += millis;
      wheel.turn();
      long tick = now / 100 * 100;
      int before = waiting.size();
      waiting.removeIf(task -> task.due() <= tick);
      expected += before - waiting.size();
      assertThat(runs.get()).isEqualTo(expected);
      assertThat(wheel.pending()).isEqualTo(waiting.size());
    }
  }

  @Test
  void runsEachTimeoutOnceOrNotAtAllWhenManyThreadsScheduleAndCallOff() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger calledOff = new AtomicInteger();
    int threads = 4;
    int each = 5_000;
    try (TimerWheel turning = TimerWheel.start()) {
      CountDownLatch done = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        int seed = t;
        Thread.ofPlatform()
            .start(() -> {
              Random random = new Random(seed);
              for (int i = 0; i < each; i++) {
                Timeout timeout =
                    turning.schedule(Duration.ofMillis(random.nextInt(300)), runs::incrementAndGet);
                if (random.nextBoolean() && timeout.cancel()) {
                  calledOff.incrementAndGet();
                }
              }
              done.countDown();
            });
      }
      done.await();
      Eventually.until("the wheel is empty", () -> turning.pending() == 0);
      Eventually.until(
          "every timeout ran or was called off",
          () -> runs.get() + calledOff.get() == threads * each);
      assertThat(calledOff.get()).isPositive();
    }
  }

  @Test
  void runsNothingAfterItWasClosed() {
    TimerWheel turning = TimerWheel.start();
    AtomicInteger runs = new AtomicInteger();
    turning.schedule(Duration.ZERO, runs::incrementAndGet);
    Eventually.until("a task ran", () -> runs.get() == 1);
    turning.close();
    turning.schedule(Duration.ZERO, runs::incrementAndGet);
    turning.turn();
    assertThat(runs).hasValue(1);
  }

  private void pass(Duration time) {
    clock.advance(time);
    wheel.turn();
  }
}
