package dev.myelin.live.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ServiceException;
import dev.myelin.testkit.Seed;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private final PresenceWorld world = new PresenceWorld();
  private final Observer observer = new Observer();

  PresenceTest() {
    world.join("watcher-tab", "watcher");
    world.pass(Duration.ofSeconds(2));
    world.told.clear();
    observer.take(world.snapshot());
  }

  @Test
  void tellsWhoComesAndWhoLeaves() {
    world.join("s1", "ann");
    world.pass(Duration.ofSeconds(1));
    observer.hear(world.told);
    assertThat(observer.roster()).containsOnlyKeys("watcher", "ann");
    assertThat(observer.joins).containsExactly("ann");
    world.leave("s1");
    world.pass(Duration.ofSeconds(1));
    observer.hear(world.told);
    assertThat(observer.lefts).containsExactly("ann");
    assertThat(observer.roster()).containsOnlyKeys("watcher");
    assertThat(observer.gaps).isZero();
  }

  @Test
  void noticesNothingWhenAThrottledTabStaysConnected() {
    world.join("s1", "ann");
    // Its scripts run once per minute, but its browser answers every ping.
    for (int minute = 0; minute < 10; minute++) {
      world.pass(Duration.ofMinutes(1));
      world.presence.touch("s1");
    }
    observer.hear(world.told);
    assertThat(observer.lefts).isEmpty();
  }

  @Test
  void noticesNothingWhenANetworkIsChangedInEightSeconds() {
    world.join("s1", "ann");
    world.pass(Duration.ofSeconds(2));
    int before = world.told.size();
    world.presence.dropped("s1");
    world.presence.dropped("s1");
    world.pass(Duration.ofSeconds(8));
    assertThat(world.presence.resumed("s1")).isTrue();
    world.join("s1", "ann");
    world.pass(Duration.ofMinutes(1));
    assertThat(world.told).hasSize(before);
  }

  @Test
  void noticesOneLeaveWhenALidIsClosedForFortySeconds() {
    world.join("s1", "ann");
    world.pass(Duration.ofSeconds(2));
    world.presence.dropped("s1");
    world.pass(Duration.ofSeconds(14));
    observer.hear(world.told);
    assertThat(observer.lefts).isEmpty();
    world.pass(Duration.ofSeconds(26));
    observer.hear(world.told);
    assertThat(observer.lefts).containsExactly("ann");
    assertThat(world.presence.resumed("s1")).isFalse();
    world.join("s1", "ann");
    world.pass(Duration.ofSeconds(2));
    observer.hear(world.told);
    assertThat(observer.joins).containsExactly("ann", "ann");
    assertThat(observer.lefts).hasSize(1);
  }

  @Test
  void givesASecondDropItsOwnFifteenSeconds() {
    world.join("s1", "ann");
    world.presence.dropped("s1");
    world.pass(Duration.ofSeconds(14));
    world.presence.resumed("s1");
    world.presence.dropped("s1");
    world.pass(Duration.ofSeconds(14));
    observer.hear(world.told);
    assertThat(observer.lefts).isEmpty();
    world.pass(Duration.ofSeconds(3));
    observer.hear(world.told);
    assertThat(observer.lefts).containsExactly("ann");
  }

  @Test
  void tellsNothingOfWhatCancelsOutWithinASecond() {
    long version = observer.version;
    world.join("s1", "ann");
    world.leave("s1");
    world.pass(Duration.ofSeconds(3));
    assertThat(world.told).isEmpty();
    assertThat(PresenceWorld.version(world.snapshot())).isEqualTo(version);
  }

  @Test
  void takesBackWhatASnapshotShowedThoughItCancelsOut() {
    world.join("s1", "ann");
    observer.take(world.snapshot());
    assertThat(observer.roster()).containsKey("ann");
    world.presence.set(PresenceWorld.TEAM, "watcher-tab", "busy", null);
    observer.take(world.snapshot());
    world.presence.set(PresenceWorld.TEAM, "watcher-tab", "active", null);
    world.pass(Duration.ofSeconds(1));
    observer.hear(world.told);
    assertThat(observer.roster().get("watcher")).contains("\"active\"");
    assertThat(observer.roster()).isEqualTo(Observer.rosterOf(world.snapshot()));
  }

  @Test
  void takesBackAUserWhoWasOnlySeenInASnapshot() {
    world.join("s1", "ann");
    observer.take(world.snapshot());
    world.leave("s1");
    world.pass(Duration.ofSeconds(1));
    observer.hear(world.told);
    assertThat(observer.roster()).containsOnlyKeys("watcher");
  }

  @Test
  void isAwayAfterFiveMinutesOrWhenAllWindowsAreHidden() {
    world.join("s1", "ann");
    world.join("s2", "ann");
    world.pass(Duration.ofMinutes(4));
    world.presence.touch("s2");
    world.pass(Duration.ofMinutes(2));
    assertThat(world.status("ann")).isEqualTo("active");
    world.presence.visible("s2", false);
    assertThat(world.status("ann")).isEqualTo("away");
    world.presence.visible("s2", true);
    assertThat(world.status("ann")).isEqualTo("active");
    world.pass(Duration.ofMinutes(5));
    assertThat(world.status("ann")).isEqualTo("away");
    world.presence.touch("s1");
    assertThat(world.status("ann")).isEqualTo("active");
    world.pass(Duration.ofMinutes(6));
    assertThat(world.status("ann")).isEqualTo("away");
  }

  @Test
  void showsTheBestOfAllDevices() {
    world.join("s1", "ann");
    world.join("s2", "ann");
    assertThat(world.set("s1", "busy", "\"editing\"")).isTrue();
    assertThat(world.set("s2", "away", null)).isTrue();
    assertThat(world.status("ann")).isEqualTo("busy");
    assertThat(world.snapshot()).contains("\"activity\":\"editing\"", "\"devices\":2");
    assertThat(world.set("s1", "active", null)).isTrue();
    assertThat(world.status("ann")).isEqualTo("active");
    world.leave("s1");
    assertThat(world.status("ann")).isEqualTo("away");
    assertThat(world.set("s1", "busy", null)).isFalse();
  }

  @Test
  void leavesAllChannelsWithAGoodbye() {
    world.join("s1", "ann");
    world.presence.leaveAll("s1");
    world.presence.leaveAll("s1");
    world.pass(Duration.ofSeconds(1));
    assertThat(world.presence.devices()).isEqualTo(1);
    world.leave("watcher-tab");
    world.pass(Duration.ofSeconds(1));
    assertThat(world.presence.channels()).isZero();
    assertThat(world.wheel.pending()).isZero();
  }

  @Test
  void neverGoesBackInVersionsThoughEverybodyLeft() {
    for (int i = 0; i < 5; i++) {
      world.join("s1", "ann");
      world.pass(Duration.ofSeconds(1));
      world.leave("s1");
      world.leave("watcher-tab");
      world.pass(Duration.ofSeconds(1));
      assertThat(world.presence.channels()).isZero();
      observer.hear(world.told);
      assertThat(PresenceWorld.version(world.snapshot())).isGreaterThanOrEqualTo(observer.version);
    }
  }

  @Test
  void countsOnlyAboveTwoHundredUsers() {
    for (int i = 1; i <= 199; i++) {
      world.join("s" + i, "u" + i);
    }
    world.pass(Duration.ofSeconds(1));
    assertThat(world.lastKind()).isEqualTo("diff");
    world.join("s200", "u200");
    world.pass(Duration.ofSeconds(1));
    assertThat(world.lastTold())
        .contains("\"kind\":\"count\"", "{\"users\":201,\"connections\":201}");
    assertThat(world.lastTold()).doesNotContain("u200");
    assertThat(world.snapshot()).contains("\"kind\":\"count\"");
    world.join("s201", "u1");
    world.pass(Duration.ofSeconds(1));
    assertThat(world.lastTold()).contains("{\"users\":201,\"connections\":202}");
    int told = world.told.size();
    world.set("s201", "busy", null);
    world.pass(Duration.ofSeconds(2));
    assertThat(world.told).hasSize(told);
    for (int i = 2; i <= 22; i++) {
      world.leave("s" + i);
    }
    world.pass(Duration.ofSeconds(1));
    assertThat(world.lastKind()).isEqualTo("snapshot");
    observer.hear(world.told);
    assertThat(observer.gaps).isZero();
    assertThat(observer.roster()).hasSize(180).isEqualTo(Observer.rosterOf(world.snapshot()));
  }

  @Test
  void refusesWhatNobodyCanBeOrDo() {
    assertThatThrownBy(() -> world.set("watcher-tab", "asleep", null))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("expected: active, away or busy");
    assertThatThrownBy(() -> world.set("watcher-tab", null, "\"" + "x".repeat(2_000) + "\""))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("activity");
  }

  @Test
  void writesAnyNameAsJson() {
    world.join("s1", "a\"\\\n\ud800", "\ud83d\ude00");
    assertThat(world.snapshot())
        .contains("\"id\":\"a\\\"\\\\\\u000a\ufffd\"", "\"name\":\"\ud83d\ude00\"")
        .startsWith("{\"channel\":{\"type\":\"team\",\"id\":\"core\"},\"kind\":\"snapshot\"");
  }

  @Test
  void givesTheRosterToWhoAppliesDiffsToASnapshotWhateverHappens() {
    Random random = Seed.of("PresenceTest").random();
    for (int step = 0; step < 5_000; step++) {
      world.randomStep(random);
      if (random.nextInt(40) == 0) {
        observer.hear(world.told);
        observer.take(world.snapshot());
      }
      if (random.nextInt(10) == 0) {
        world.pass(Duration.ofMillis(random.nextInt(20_000)));
        settle();
        assertThat(observer.roster()).isEqualTo(Observer.rosterOf(world.snapshot()));
      }
    }
    assertThat(observer.gaps).isZero();
  }

  /// Waits until all that happened is told. A timer may run out meanwhile, and then that takes
  /// another interval; what is never told would still be missing at the end.
  private void settle() {
    for (int i = 0; i < 20; i++) {
      world.pass(Duration.ofMillis(1_100));
      observer.hear(world.told);
      if (observer.roster().equals(Observer.rosterOf(world.snapshot()))) {
        return;
      }
    }
  }
}
