package dev.myelin.live.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class ConnectionRegistryTest {
  private final ConnectionRegistry registry = new ConnectionRegistry(new ConnectionLimits(2, 4, 7));

  @Test
  void refusesTheThirdConnectionOfAClientAndTakesItWhenOneHasGone() {
    Place first = place(registry.admit("acme", "tab"));
    place(registry.admit("acme", "tab"));
    assertThat(registry.admit("acme", "tab"))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.bound()).isEqualTo(Bound.CLIENT);
              assertThat(refused.limit()).isEqualTo(2);
              assertThat(refused.retryAfter()).isPositive();
            });
    assertThat(registry.admit("other", "tab")).isInstanceOf(Admission.Admitted.class);
    first.close();
    first.close();
    place(registry.admit("acme", "tab"));
    assertThat(registry.admit("acme", "tab")).isInstanceOf(Admission.Refused.class);
  }

  @Test
  void namesTheNarrowestLimitThatIsReached() {
    for (int i = 0; i < 4; i++) {
      place(registry.admit("acme", "tab" + i));
    }
    assertThat(bound(registry.admit("acme", "tab9"))).isEqualTo(Bound.TENANT);
    for (int i = 0; i < 3; i++) {
      place(registry.admit("other", "tab" + i));
    }
    assertThat(bound(registry.admit("third", "tab"))).isEqualTo(Bound.PROCESS);
    assertThat(registry.stats().open()).isEqualTo(7);
    assertThat(registry.stats().admitted()).isEqualTo(7);
    assertThat(registry.stats().tenants()).isEqualTo(2);
    assertThat(registry.stats().refused())
        .containsEntry(Bound.CLIENT, 0L)
        .containsEntry(Bound.TENANT, 1L)
        .containsEntry(Bound.PROCESS, 1L);
    assertThat(Bound.PROCESS.word()).isEqualTo("process");
  }

  @Test
  void countsAConnectionForWhoItTurnsOutToBe() {
    Place place = place(registry.admit("default", "127.0.0.1"));
    place(registry.admit("acme", "tab"));
    assertThat(place.moveTo("acme", "tab")).isEqualTo(new Admission.Admitted(place));
    assertThat(registry.open("default")).isZero();
    assertThat(registry.open("acme")).isEqualTo(2);
    assertThat(place.moveTo("acme", "tab")).isInstanceOf(Admission.Admitted.class);

    Place third = place(registry.admit("default", "127.0.0.1"));
    assertThat(bound(third.moveTo("acme", "tab"))).isEqualTo(Bound.CLIENT);
    assertThat(registry.open("default")).isEqualTo(1);
    place.close();
    assertThat(third.moveTo("acme", "tab")).isInstanceOf(Admission.Admitted.class);
    third.close();
    assertThat(third.moveTo("acme", "other")).isInstanceOf(Admission.Admitted.class);
    assertThat(registry.open("acme")).isEqualTo(1);
  }

  @Test
  void movesInsideAFullTenantAndAFullProcess() {
    ConnectionRegistry full = new ConnectionRegistry(new ConnectionLimits(1, 1, 1));
    Place place = place(full.admit("acme", "127.0.0.1"));
    assertThat(place.moveTo("acme", "tab")).isInstanceOf(Admission.Admitted.class);
    assertThat(place.moveTo("other", "tab")).isInstanceOf(Admission.Admitted.class);
    assertThat(full.stats().open()).isEqualTo(1);
  }

  @Test
  void listsFindsAndEndsConnectionsOfOneTenantOnly() {
    Fake young = new Fake("c1", "acme", 20);
    Fake old = new Fake("c2", "acme", 10);
    Fake foreign = new Fake("c3", "other", 0);
    Place place = place(registry.admit("acme", "tab"));
    place.register(young);
    place.register(new Fake("again", "acme", 0));
    place(registry.admit("acme", "tab")).register(old);
    place(registry.admit("other", "tab")).register(foreign);
    assertThat(registry.list("acme")).extracting(ConnectionInfo::id).containsExactly("c2", "c1");
    assertThat(registry.find("acme", "c3")).isEmpty();
    assertThat(registry.find("other", "c3")).containsSame(foreign);
    assertThat(registry.all()).containsExactlyInAnyOrder(young, old, foreign);
    assertThat(registry.stats().registered()).isEqualTo(3);

    assertThat(registry.close("acme", "c3", "tidying up")).isFalse();
    assertThat(registry.close("acme", "c2", "tidying up")).isTrue();
    assertThat(old.ended).containsExactly("tidying up");
    assertThat(foreign.ended).isEmpty();

    place.close();
    place.register(young);
    assertThat(registry.find("acme", "c1")).isEmpty();
    assertThat(registry.stats().registered()).isEqualTo(2);
  }

  @Test
  void neverAdmitsMoreThanALimitHoweverManyArriveSideBySide() throws Exception {
    long seed = Seed.of("ConnectionRegistryTest").value();
    Crowd crowd = new Crowd(new ConnectionLimits(3, 10, 25));
    List<Throwable> failures = sideBySide(t -> crowd.comeAndGo(new Random(seed + t)));
    assertThat(failures).isEmpty();
    assertThat(crowd.registry.stats().open()).isZero();
    assertThat(crowd.registry.stats().tenants()).isZero();
    assertThat(crowd.registry.stats().refused().values()).allMatch(count -> count > 0);
  }

  /// Counts by itself who is in: after being admitted, and until just before leaving, so that it
  /// never counts more than the registry does.
  private static final class Crowd {
    final ConnectionRegistry registry;
    private final ConnectionLimits limits;
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    Crowd(ConnectionLimits limits) {
      this.limits = limits;
      registry = new ConnectionRegistry(limits);
    }

    void comeAndGo(Random random) {
      List<Runnable> leaving = new ArrayList<>();
      for (int i = 0; i < 4_000; i++) {
        String tenant = "t" + random.nextInt(4);
        String client = "c" + random.nextInt(6);
        if (registry.admit(tenant, client) instanceof Admission.Admitted(Place place)) {
          enter(tenant + client, limits.perClient());
          enter(tenant, limits.perTenant());
          enter("all", limits.perProcess());
          leaving.add(() -> leave(place, List.of(tenant + client, tenant, "all")));
        }
        if (leaving.size() > random.nextInt(12)) {
          leaving.remove(random.nextInt(leaving.size())).run();
        }
      }
      leaving.forEach(Runnable::run);
    }

    private void enter(String what, int limit) {
      int count = counts.computeIfAbsent(what, _ -> new AtomicInteger()).incrementAndGet();
      assertThat(count).as(what).isLessThanOrEqualTo(limit);
    }

    private void leave(Place place, List<String> whats) {
      whats.forEach(what -> counts.computeIfPresent(what, (_, count) -> lessOne(count)));
      place.close();
    }

    private static AtomicInteger lessOne(AtomicInteger count) {
      count.decrementAndGet();
      return count;
    }
  }

  @Test
  void letsInExactlyAsManyAsThereMayBeWhenNobodyLeaves() throws Exception {
    ConnectionRegistry shared = new ConnectionRegistry(new ConnectionLimits(100, 100, 40));
    AtomicInteger admitted = new AtomicInteger();
    List<Throwable> failures =
        sideBySide(_ -> {
          for (int i = 0; i < 10; i++) {
            if (shared.admit("acme", "tab") instanceof Admission.Admitted) {
              admitted.incrementAndGet();
            }
          }
        });
    assertThat(failures).isEmpty();
    assertThat(admitted).hasValue(40);
    assertThat(shared.stats().refused()).containsEntry(Bound.PROCESS, 40L);
  }

  /// Runs the same on eight threads that start together.
  private static List<Throwable> sideBySide(IntConsumer work) throws InterruptedException {
    int threads = 8;
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      Runnable task =
          () -> {
            try {
              together.await();
              work.accept(number);
            } catch (Exception | AssertionError e) {
              failures.add(e);
            }
          };
      running.add(Thread.ofPlatform().start(task));
    }
    for (Thread thread : running) {
      thread.join();
    }
    return failures;
  }

  @Test
  void refusesLimitsThatLeaveNoRoom() {
    assertThatThrownBy(() -> new ConnectionLimits(0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gateway.max-connections-per-client: 0 (expected: 1 or more)");
  }

  private static Place place(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Admitted.class);
    return ((Admission.Admitted) admission).place();
  }

  private static Bound bound(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Refused.class);
    return ((Admission.Refused) admission).bound();
  }

  private static final class Fake implements LiveConnection {
    final List<String> ended = new ArrayList<>();
    private final ConnectionInfo info;

    Fake(String id, String tenant, int seconds) {
      info =
          new ConnectionInfo(
              id,
              tenant,
              "ann",
              "tab",
              "127.0.0.1",
              "websocket",
              ManualClock.START.plusSeconds(seconds),
              ConnectionInfo.Traffic.NONE);
    }

    @Override
    public String id() {
      return info.id();
    }

    @Override
    public ConnectionInfo info() {
      return info;
    }

    @Override
    public void end(String reason) {
      ended.add(reason);
    }
  }
}
