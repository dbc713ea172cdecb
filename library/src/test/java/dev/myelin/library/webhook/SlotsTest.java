package dev.myelin.library.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.webhook.Slots.Slot;
import dev.myelin.model.SpaceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Who is told next, and who has to wait.
final class SlotsTest {
  private static final int ALL = 16;
  private static final int PER_TARGET = 2;

  private final Slots slots = new Slots(new WebhookConfig.InFlight(ALL, PER_TARGET));
  private int lanes;

  private void add(String tenant, String target) {
    String webhook = "webhook-" + ++lanes;
    slots.add(new Lane(new Lane.Id(webhook, new SpaceId(tenant, "papers"))), target);
  }

  private void addMany(String tenant, int number) {
    for (int i = 0; i < number; i++) {
      add(tenant, tenant + "-" + i);
    }
  }

  private List<Slot> take() {
    List<Slot> taken = new ArrayList<>();
    for (Slot slot = slots.next(); slot != null; slot = slots.next()) {
      taken.add(slot);
    }
    return taken;
  }

  private static String tenant(Slot slot) {
    return slot.lane().id().library().tenant();
  }

  @Test
  void aTenantWhoseTargetsHangLeavesSlotsToThoseThatComeLater() {
    addMany("slow", 100);
    assertThat(take()).hasSize(8);
    addMany("second", 100);
    assertThat(take()).hasSize(4).allMatch(slot -> tenant(slot).equals("second"));
    addMany("third", 1);
    assertThat(take()).hasSize(1);
    assertThat(slots.running()).isEqualTo(13);
  }

  @Test
  void tenantsTakeTurns() {
    addMany("one", 100);
    List<Slot> first = take();
    addMany("two", 100);
    addMany("three", 100);
    assertThat(take().stream().map(SlotsTest::tenant))
        .containsExactly("two", "three", "two", "three", "two", "three");
    first.forEach(slots::end);
    // Ten are free: each of the three tenants may hold what the others leave free.
    assertThat(take()).isNotEmpty();
    assertThat(slots.running()).isBetween(11, ALL);
  }

  @Test
  void oneTargetHasItsBoundWhoeverCallsIt() {
    add("one", "shared");
    add("one", "shared");
    add("two", "shared");
    List<Slot> taken = take();
    assertThat(taken).hasSize(PER_TARGET);
    slots.end(taken.getFirst());
    assertThat(take()).hasSize(1);
  }

  @Test
  void oneSlotIsEnoughForOneAfterTheOther() {
    Slots one = new Slots(new WebhookConfig.InFlight(1, 1));
    one.add(new Lane(new Lane.Id("a", new SpaceId("t", "papers"))), "x");
    one.add(new Lane(new Lane.Id("b", new SpaceId("t", "papers"))), "y");
    Slot first = one.next();
    assertThat(first).isNotNull();
    assertThat(one.next()).isNull();
    one.end(first);
    assertThat(one.next()).isNotNull();
  }

  @RepeatedTest(20)
  void noBoundIsBrokenAndEveryLaneHasItsTurn() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Slot> running = new ArrayList<>();
    int added = 0;
    int ended = 0;
    while (added < 2_000 || ended < added) {
      if (added < 2_000 && random.nextInt(3) > 0) {
        add("tenant-" + random.nextInt(6), "target-" + random.nextInt(12));
        added++;
      }
      if (!running.isEmpty() && (added == 2_000 || random.nextBoolean())) {
        slots.end(running.remove(random.nextInt(running.size())));
        ended++;
      }
      running.addAll(take());
      Map<String, Integer> atTarget = new HashMap<>();
      running.forEach(slot -> atTarget.merge(slot.target(), 1, Integer::sum));
      assertThat(atTarget.values()).as("seed %d", seed).allMatch(most -> most <= PER_TARGET);
      assertThat(running)
          .as("seed %d", seed)
          .hasSize(slots.running())
          .hasSizeLessThanOrEqualTo(ALL);
      assertThat(running.isEmpty() && ended < added).as("stuck, seed %d", seed).isFalse();
    }
  }
}
