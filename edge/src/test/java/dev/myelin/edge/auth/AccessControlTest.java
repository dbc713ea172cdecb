package dev.myelin.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.auth.AccessControl.Decision;
import dev.myelin.edge.auth.AccessControl.Refusal;
import dev.myelin.edge.auth.AccessControl.Welcome;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.live.access.AccessRegistry;
import dev.myelin.live.access.NewKey;
import dev.myelin.model.Grant;
import dev.myelin.model.Permission;
import dev.myelin.model.Principal;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.MemoryFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who a request is made by, and what ends with its key.
final class AccessControlTest {
  private static final OriginPolicy ORIGINS = new OriginPolicy(List.of(), false);
  private static final String ROOT = "correct-horse-battery-staple";

  @TempDir(factory = MemoryFolder.class)
  private Path folder;

  private final ManualClock clock = new ManualClock();
  private RocksJournal journal;
  private AccessRegistry registry;

  @BeforeEach
  void open() {
    journal = RocksJournal.open(folder, JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
    registry = AccessRegistry.open(journal, clock);
  }

  @AfterEach
  void close() {
    registry.close();
    journal.close();
  }

  private String key() {
    return registry
        .keys()
        .create(
            new NewKey(
                SpaceId.DEFAULT_TENANT, "a", List.of(Grant.parse("read")), Duration.ofDays(1)))
        .secret();
  }

  private static Decision check(AccessControl access, String key, boolean needsKey) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    if (!key.isEmpty()) {
      headers.set("x-api-key", key);
    }
    return access.check(headers, "localhost", needsKey);
  }

  private static Principal principal(Decision decision) {
    assertThat(decision).isInstanceOf(Welcome.class);
    return ((Welcome) decision).principal();
  }

  @Test
  void beyondThisMachineNobodyIsRootOnceAKeyWasMade() {
    AccessControl insecure = new AccessControl(null, false, ORIGINS);
    assertThat(principal(check(insecure, "", true))).isEqualTo(Principal.ANONYMOUS);
    insecure.open(registry.keys());
    assertThat(principal(check(insecure, "", true))).isEqualTo(Principal.ANONYMOUS);
    String key = key();
    assertThat(check(insecure, "", true)).isEqualTo(Refusal.UNAUTHENTICATED);
    assertThat(principal(check(insecure, "", false))).isEqualTo(Principal.NOBODY);
    assertThat(principal(check(insecure, key, true)).isRoot()).isFalse();
  }

  @Test
  void onThisMachineWithoutARootKeyWhoShowsNoKeyIsRoot() {
    AccessControl local = new AccessControl(null, true, ORIGINS);
    local.open(registry.keys());
    String key = key();
    assertThat(principal(check(local, "", true))).isEqualTo(Principal.ANONYMOUS);
    assertThat(principal(check(local, key, true)).permissions())
        .containsExactly(Permission.parse("*:*:read"));
    assertThat(check(local, key + "x", false)).isEqualTo(Refusal.UNAUTHENTICATED);
  }

  @Test
  void withARootKeyOnlyKeysOpen() {
    AccessControl keyed = new AccessControl(ApiKey.of(ROOT), true, ORIGINS);
    String key = key();
    assertThat(check(keyed, key, true)).isEqualTo(Refusal.NOT_OPEN);
    keyed.open(registry.keys());
    assertThat(check(keyed, "", true)).isEqualTo(Refusal.UNAUTHENTICATED);
    assertThat(principal(check(keyed, ROOT, true))).isEqualTo(Principal.ROOT);
    assertThat(principal(check(keyed, key, true)).hasKey()).isTrue();
    clock.advance(Duration.ofDays(1));
    assertThat(check(keyed, key, true)).isEqualTo(Refusal.UNAUTHENTICATED);
  }

  @Test
  void whatAKeyOpenedEndsOnceWhenItExpires() {
    AtomicInteger cuts = new AtomicInteger();
    Principal principal = registry.keys().authenticate(key()).orElseThrow();
    try (KeyWatch watch = new KeyWatch(registry.keys());
        KeyWatch.Watched _ = watch.watch(principal, cuts::incrementAndGet)) {
      KeyWatch.Watched closed = watch.watch(principal, () -> cuts.addAndGet(100));
      watch.watch(Principal.ROOT, () -> cuts.addAndGet(100)).close();
      closed.close();
      watch.sweep();
      assertThat(cuts).hasValue(0);
      clock.advance(Duration.ofDays(1));
      watch.sweep();
      watch.sweep();
      assertThat(cuts).hasValue(1);
      watch.watch(principal, cuts::incrementAndGet).close();
      assertThat(cuts).as("dead before it was watched").hasValue(2);
    }
  }

  @Test
  void whatAKeyOpenedEndsWhenItIsRotatedAndNotWhatItOpensThen() {
    AtomicInteger cuts = new AtomicInteger();
    Principal principal = registry.keys().authenticate(key()).orElseThrow();
    try (KeyWatch watch = new KeyWatch(registry.keys());
        KeyWatch.Watched _ = watch.watch(principal, cuts::incrementAndGet)) {
      String fresh = registry.keys().rotate(principal.keyId(), _ -> true).secret();
      assertThat(cuts).hasValue(1);
      Principal after = registry.keys().authenticate(fresh).orElseThrow();
      try (KeyWatch.Watched _ = watch.watch(after, () -> cuts.addAndGet(10))) {
        assertThat(cuts).hasValue(1);
        registry.keys().revoke(principal.keyId(), _ -> true);
        assertThat(cuts).hasValue(11);
      }
    }
  }
}
