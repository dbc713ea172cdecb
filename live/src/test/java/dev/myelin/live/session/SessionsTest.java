package dev.myelin.live.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.live.timer.TimerWheel;
import dev.myelin.model.ChannelId;
import dev.myelin.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final ManualClock clock = new ManualClock();
  private final TimerWheel wheel = TimerWheel.standing(clock);
  private final Sessions sessions =
      new Sessions(new SessionConfig(Duration.ofMinutes(2), 3), wheel, clock);
  private final Tab first = new Tab();
  private final Tab second = new Tab();
  private final GatewaySession session = sessions.begin("acme", "ann", "tab-1", first);

  @Test
  void goesOnWhereItWasAfter119Seconds() {
    assertThat(sessions.suspend(session, first, at(7))).isTrue();
    pass(Duration.ofSeconds(119));
    Resumed resumed = resume(second).orElseThrow();
    assertThat(resumed.session()).isSameAs(session);
    assertThat(resumed.subscriptions()).isEqualTo(at(7));
    assertThat(resumed.tookOver()).isFalse();
    pass(Duration.ofMinutes(10));
    assertThat(sessions.stats().live()).isEqualTo(1);
    assertThat(sessions.stats().resumed()).isEqualTo(1);
    assertThat(wheel.pending()).isZero();
  }

  @Test
  void isOverAfter121Seconds() {
    sessions.suspend(session, first, at(7));
    pass(Duration.ofSeconds(121));
    assertThat(resume(second)).isEmpty();
    assertThat(sessions.stats().expired()).isEqualTo(1);
    assertThat(sessions.stats().suspended()).isZero();
    assertThat(wheel.pending()).isZero();
  }

  @Test
  void isOverOnTheDotEvenIfTheTimerIsLate() {
    sessions.suspend(session, first, at(7));
    clock.advance(Duration.ofMinutes(2));
    assertThat(resume(second)).isEmpty();
    assertThat(sessions.stats().refused()).isEqualTo(1);
  }

  @Test
  void resumesThoughNothingWasEverReceived() {
    sessions.suspend(session, first, List.of());
    assertThat(resume(second).orElseThrow().subscriptions()).isEmpty();
  }

  @Test
  void survivesTwoDropsInARowBeforeAnyEvent() {
    sessions.suspend(session, first, at(0));
    pass(Duration.ofSeconds(100));
    assertThat(resume(second)).isPresent();
    // Gone again before it could subscribe to anything.
    assertThat(sessions.suspend(session, second)).isTrue();
    pass(Duration.ofSeconds(100));
    assertThat(resume(new Tab()).orElseThrow().subscriptions()).isEqualTo(at(0));
  }

  @Test
  void isUnknownToEverybodyButItsOwner() {
    sessions.suspend(session, first, at(7));
    assertThat(resume("ffffffffffffffffffffffffffffffff", "acme", "ann", "tab-1")).isEmpty();
    assertThat(resume(session.id(), "acme", "bob", "tab-1")).isEmpty();
    assertThat(resume(session.id(), "other", "ann", "tab-1")).isEmpty();
    assertThat(resume(session.id(), "acme", "ann", "tab-2")).isEmpty();
    assertThat(sessions.stats().refused()).isEqualTo(4);
    assertThat(resume(second)).isPresent();
  }

  @Test
  void takesTheSessionFromAConnectionThatIsStillThere() {
    CompletableFuture<Optional<Resumed>> resuming = resuming(second);
    assertThat(first.asked).hasValue(1);
    assertThat(resuming).isNotDone();
    first.handed.complete(at(9));
    Resumed resumed = resuming.join().orElseThrow();
    assertThat(resumed.subscriptions()).isEqualTo(at(9));
    assertThat(resumed.tookOver()).isTrue();
    assertThat(sessions.stats().tookOver()).isEqualTo(1);
    // The old one notices late that it was lost: that is no business of the session's any more.
    assertThat(sessions.suspend(session, first, at(1))).isFalse();
    assertThat(sessions.end(session, first)).isFalse();
    assertThat(sessions.stats().live()).isEqualTo(1);
    assertThat(sessions.suspend(session, second, at(12))).isTrue();
    assertThat(resume(new Tab()).orElseThrow().subscriptions()).isEqualTo(at(12));
  }

  @Test
  void keepsThePositionsWhenItIsTakenTwiceInARow() {
    Tab third = new Tab();
    CompletableFuture<Optional<Resumed>> toSecond = resuming(second);
    CompletableFuture<Optional<Resumed>> toThird = resuming(third);
    // The second never came to send anything: what counts is what the first hands over.
    second.handed.complete(List.of());
    assertThat(toThird).isNotDone();
    first.handed.complete(at(9));
    assertThat(toSecond.join().orElseThrow().subscriptions()).isEqualTo(at(9));
    assertThat(toThird.join().orElseThrow().subscriptions()).isEqualTo(at(9));
    assertThat(second.asked).hasValue(1);
  }

  @Test
  void keepsThePositionsWhenItIsLostWhileItChangesHands() {
    CompletableFuture<Optional<Resumed>> toSecond = resuming(second);
    assertThat(sessions.suspend(session, second, List.of())).isTrue();
    CompletableFuture<Optional<Resumed>> toThird = resuming(new Tab());
    first.handed.complete(at(9));
    assertThat(toSecond.join()).isPresent();
    assertThat(toThird.join().orElseThrow().subscriptions()).isEqualTo(at(9));
  }

  @Test
  void goesOnWithNothingIfTheOldConnectionCannotHandOver() {
    CompletableFuture<Optional<Resumed>> resuming = resuming(second);
    first.handed.completeExceptionally(new IllegalStateException("on purpose"));
    assertThat(resuming.join().orElseThrow().subscriptions()).isEmpty();
  }

  @Test
  void endsAtOnceWithAGoodbye() {
    assertThat(sessions.end(session, first)).isTrue();
    assertThat(sessions.end(session, first)).isFalse();
    assertThat(sessions.suspend(session, first, at(1))).isFalse();
    assertThat(resume(second)).isEmpty();
    assertThat(sessions.stats().live()).isZero();
  }

  @Test
  void endsWhatWaitsLongestWhenTooManyWait() {
    sessions.suspend(session, first, at(1));
    for (int i = 0; i < 3; i++) {
      Tab tab = new Tab();
      sessions.suspend(sessions.begin("acme", "bob" + i, "tab", tab), tab, at(i));
    }
    assertThat(sessions.stats().suspended()).isEqualTo(3);
    assertThat(sessions.stats().evicted()).isEqualTo(1);
    assertThat(resume(second)).isEmpty();
    assertThat(wheel.pending()).isEqualTo(3);
  }

  @Test
  void makesIdsThatNobodyGuessesAndSaysNoneInItsLogs() {
    assertThat(session.id()).matches("[0-9a-f]{32}");
    assertThat(sessions.begin("acme", "ann", "tab-1", second).id()).isNotEqualTo(session.id());
    assertThat(session.toString()).doesNotContain(session.id());
    assertThat(session.owner()).isEqualTo(new SessionOwner("acme", "ann", "tab-1"));
  }

  @Test
  void goesToOneConnectionWhenManyResumeItSideBySide() throws Exception {
    sessions.suspend(session, first, at(7));
    int threads = 8;
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Tab> tabs = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    AtomicInteger resumed = new AtomicInteger();
    for (int t = 0; t < threads; t++) {
      Tab tab = new Tab();
      tab.handed.complete(at(7));
      tabs.add(tab);
      Runnable task =
          () -> {
            try {
              together.await();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
            if (resume(tab).orElseThrow().subscriptions().equals(at(7))) {
              resumed.incrementAndGet();
            }
          };
      running.add(Thread.ofPlatform().start(task));
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertThat(resumed).hasValue(threads);
    assertThat(tabs.stream().filter(tab -> sessions.end(session, tab))).hasSize(1);
    assertThat(tabs.stream().mapToInt(tab -> tab.asked.get()).sum()).isEqualTo(threads - 1);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new SessionConfig(Duration.ZERO, 1))
        .hasMessageContaining("gateway.resume-window");
    assertThatThrownBy(() -> new SessionConfig(Duration.ofSeconds(1), 0))
        .hasMessageContaining("gateway.max-suspended-sessions");
    assertThatThrownBy(() -> at(-1)).hasMessage("offset: -1 (expected: 0 or more)");
    assertThat(PresenceDetail.parse("full")).contains(PresenceDetail.FULL);
    assertThat(PresenceDetail.parse("all")).isEmpty();
  }

  private static List<KeptSubscription> at(long offset) {
    Position position = new Position(ChannelId.parse("acme", "team:core"), "e1", offset);
    return List.of(new KeptSubscription(position, PresenceDetail.FULL, Set.of(), true));
  }

  private Optional<Resumed> resume(Tab tab) {
    return resuming(tab).join();
  }

  private Optional<Resumed> resume(String id, String tenant, String subject, String clientId) {
    return sessions.resume(id, tenant, subject, clientId, second).toCompletableFuture().join();
  }

  private CompletableFuture<Optional<Resumed>> resuming(Tab tab) {
    return sessions.resume(session.id(), "acme", "ann", "tab-1", tab).toCompletableFuture();
  }

  private void pass(Duration time) {
    clock.advance(time);
    wheel.turn();
  }

  private static final class Tab implements SessionHolder {
    final CompletableFuture<List<KeptSubscription>> handed = new CompletableFuture<>();
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public CompletionStage<List<KeptSubscription>> handOver() {
      asked.incrementAndGet();
      return handed;
    }
  }
}
