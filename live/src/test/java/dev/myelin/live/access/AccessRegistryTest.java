package dev.myelin.live.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Grant;
import dev.myelin.model.Permission;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.MemoryFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessRegistryTest {
  private static final List<Grant> READ = List.of(Grant.parse("read"));

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

  private void reopen() {
    close();
    open();
  }

  private Issued<Tenant> tenant(String name) {
    return registry.tenants().create(new NewTenant(name, null, null));
  }

  private Issued<ApiKey> key(String tenant, String... scopes) {
    List<Grant> grants = Stream.of(scopes).map(Grant::parse).toList();
    return registry.keys().create(new NewKey(tenant, "a key", grants, null));
  }

  private Principal principal(String secret) {
    return registry.keys().authenticate(secret).orElseThrow();
  }

  private boolean opens(String secret) {
    return registry.keys().authenticate(secret).isPresent();
  }

  private static void fails(ErrorCode code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            ServiceException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  @Test
  void givesEachTenantAKeyThatMayDoAllInItAndNothingElsewhere() {
    Issued<Tenant> a = tenant("a");
    Principal principal = principal(a.secret());

    assertThat(a.secret()).matches("myl_[A-Za-z0-9_-]{43}");
    assertThat(a.issued().id()).matches("tenant_[0-9a-f]{16}");
    assertThat(principal.tenant()).isEqualTo(a.issued().id());
    assertThat(principal.isRoot()).isFalse();
    assertThat(principal.may(Scope.ADMIN, principal.space("some-space"))).isTrue();
    assertThat(principal.may(Scope.READ, SpaceId.parse("some-space"))).isFalse();
    assertThat(tenant("b").issued().id()).isNotEqualTo(a.issued().id());
  }

  @Test
  void knowsItsKeysAfterARestartButNeverTheirSecrets() throws Exception {
    Issued<Tenant> a =
        registry
            .tenants()
            .create(new NewTenant("müller", "{\"plan\":\"gold\"}", Duration.ofDays(2)));
    Issued<ApiKey> b = key(a.issued().id(), "read", "write:some-space");
    reopen();

    assertThat(registry.tenants().list()).containsExactly(a.issued());
    assertThat(principal(b.secret()).permissions())
        .containsExactly(
            Permission.parse("*:*:read"), Permission.parse("library:some-space:write"));
    assertThat(opens(a.secret())).isTrue();
    registry.close();
    journal.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes).doesNotContain(a.secret()).doesNotContain(b.secret());
      }
    }
    open();
  }

  @Test
  void hidesSecretsFromLogs() {
    Issued<Tenant> a = tenant("a");
    assertThat(a.toString()).contains("tenant_").doesNotContain(a.secret());
  }

  @Test
  void refusesWhatIsNoKey() {
    tenant("a");
    assertThat(opens("")).isFalse();
    assertThat(opens("myl_")).isFalse();
    assertThat(opens("myl_" + "a".repeat(43))).isFalse();
    assertThat(opens("myl_" + "a".repeat(10_000))).isFalse();
  }

  @Test
  void expiresKeysAndTenantsToTheMoment() {
    Issued<Tenant> a = registry.tenants().create(new NewTenant("a", null, Duration.ofDays(2)));
    Issued<ApiKey> b =
        registry.keys().create(new NewKey(a.issued().id(), "b", READ, Duration.ofDays(1)));
    Issued<ApiKey> c = key(a.issued().id(), "read");
    Principal early = principal(b.secret());
    clock.advance(Duration.ofDays(1).minusMillis(1));
    assertThat(opens(b.secret())).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(opens(b.secret())).isFalse();
    assertThat(registry.keys().isAlive(early)).isFalse();
    assertThat(opens(c.secret())).isTrue();

    clock.advance(Duration.ofDays(1));
    assertThat(opens(c.secret())).isFalse();
    assertThat(opens(a.secret())).isFalse();
    assertThat(registry.tenants().find(a.issued().id()).orElseThrow().active()).isFalse();
    fails(ErrorCode.CONFLICT, () -> registry.tenants().rotate(a.issued().id()));
    fails(ErrorCode.CONFLICT, () -> key(a.issued().id(), "read"));
  }

  @Test
  void rotatesAtOnceAndTellsWhoListens() {
    List<String> dead = new ArrayList<>();
    Issued<ApiKey> old = key(SpaceId.DEFAULT_TENANT, "read");
    Principal before = principal(old.secret());
    try (var _ = registry.keys().whenSecretDies(dead::add)) {
      Issued<ApiKey> rotated = registry.keys().rotate(old.issued().id(), _ -> true);

      assertThat(rotated.issued().id()).isEqualTo(old.issued().id());
      assertThat(opens(old.secret())).isFalse();
      assertThat(registry.keys().isAlive(before)).isFalse();
      Principal after = principal(rotated.secret());
      assertThat(registry.keys().isAlive(after)).isTrue();
      assertThat(dead).containsExactly(old.issued().id());
      reopen();
      assertThat(opens(old.secret())).isFalse();
      assertThat(principal(rotated.secret())).isEqualTo(after);
    }
  }

  @Test
  void rotatesTheKeyOfATenantAlsoIfItWasRevoked() {
    Issued<Tenant> a = tenant("a");
    Principal first = principal(a.secret());
    String second = registry.tenants().rotate(a.issued().id()).secret();
    assertThat(opens(a.secret())).isFalse();
    registry.keys().revoke(principal(second).keyId(), _ -> true);
    assertThat(opens(second)).isFalse();

    String third = registry.tenants().rotate(a.issued().id()).secret();
    assertThat(principal(third).tenant()).isEqualTo(a.issued().id());
    assertThat(registry.keys().isAlive(first)).isFalse();
    assertThat(registry.tenants().find(a.issued().id()).orElseThrow().usage().requests())
        .isEqualTo(3);
  }

  @Test
  void revokesForGood() {
    List<String> dead = new ArrayList<>();
    Issued<ApiKey> key = key(SpaceId.DEFAULT_TENANT, "read");
    Principal principal = principal(key.secret());
    try (var _ = registry.keys().whenSecretDies(dead::add)) {
      registry.keys().revoke(key.issued().id(), _ -> true);
    }
    assertThat(opens(key.secret())).isFalse();
    assertThat(registry.keys().isAlive(principal)).isFalse();
    assertThat(registry.keys().list()).isEmpty();
    assertThat(registry.keys().isEmpty()).isTrue();
    assertThat(dead).containsExactly(key.issued().id());
    reopen();
    assertThat(opens(key.secret())).isFalse();
    fails(ErrorCode.NOT_FOUND, () -> registry.keys().revoke(key.issued().id(), _ -> true));
  }

  @Test
  void deactivatesATenantWithAllItsKeysAndKeepsItsRecord() {
    Issued<Tenant> a = tenant("a");
    Issued<Tenant> other = tenant("other");
    Issued<ApiKey> b = key(a.issued().id(), "read");
    List<String> dead = new ArrayList<>();
    try (var _ = registry.keys().whenSecretDies(dead::add)) {
      registry.tenants().deactivate(a.issued().id());
    }
    assertThat(dead).hasSize(2).contains(b.issued().id());
    assertThat(opens(a.secret())).isFalse();
    assertThat(opens(b.secret())).isFalse();
    assertThat(opens(other.secret())).isTrue();
    reopen();
    assertThat(registry.tenants().find(a.issued().id()).orElseThrow().active()).isFalse();
    assertThat(registry.keys().list(a.issued().id())).isEmpty();
    assertThat(opens(a.secret())).isFalse();
    fails(ErrorCode.CONFLICT, () -> registry.tenants().rotate(a.issued().id()));
  }

  @Test
  void keysOfOthersAreAsIfTheyWereNotThere() {
    Issued<ApiKey> key = key(SpaceId.DEFAULT_TENANT, "read");
    fails(ErrorCode.NOT_FOUND, () -> registry.keys().revoke(key.issued().id(), _ -> false));
    fails(ErrorCode.NOT_FOUND, () -> registry.keys().rotate(key.issued().id(), _ -> false));
    assertThat(opens(key.secret())).isTrue();
    fails(ErrorCode.NOT_FOUND, () -> registry.tenants().rotate("tenant_0"));
    fails(ErrorCode.NOT_FOUND, () -> registry.tenants().deactivate("tenant_0"));
    fails(ErrorCode.NOT_FOUND, () -> key("tenant_0", "read"));
  }

  @Test
  void writesUseWhenAskedAndNotMoreOftenThanThat() {
    Issued<Tenant> a = tenant("a");
    Issued<ApiKey> b = key(a.issued().id(), "read");
    clock.advance(Duration.ofMinutes(1));
    opens(b.secret());
    opens(b.secret());
    Usage used = new Usage(clock.instant(), 2);
    assertThat(registry.keys().list().stream().map(ApiKey::usage)).contains(used);

    registry.writeUsage();
    AccessRegistry copy = AccessRegistry.open(journal, clock);
    assertThat(copy.keys().list().stream().map(ApiKey::usage)).contains(used);
    assertThat(copy.tenants().list().getFirst().usage()).isEqualTo(used);
    opens(b.secret());
    assertThat(AccessRegistry.open(journal, clock).tenants().list().getFirst().usage())
        .isEqualTo(used);
    reopen();
    assertThat(registry.tenants().list().getFirst().usage().requests()).isEqualTo(3);
  }

  @Test
  void doesNotBringARevokedKeyBackByWritingItsUse() {
    Issued<ApiKey> key = key(SpaceId.DEFAULT_TENANT, "read");
    opens(key.secret());
    registry.keys().revoke(key.issued().id(), _ -> true);
    registry.writeUsage();
    reopen();
    assertThat(registry.keys().list()).isEmpty();
  }

  @Test
  void checksWhatIsAskedFor() {
    fails(ErrorCode.INVALID_REQUEST, () -> tenant(" "));
    fails(ErrorCode.INVALID_REQUEST, () -> tenant("a".repeat(256)));
    fails(ErrorCode.INVALID_REQUEST, () -> new NewTenant("a", null, Duration.ZERO));
    fails(ErrorCode.INVALID_REQUEST, () -> new NewTenant("a", "x".repeat(20_000), null));
    fails(ErrorCode.INVALID_REQUEST, () -> key(SpaceId.DEFAULT_TENANT));
    for (String wrong : List.of("", "READ", "own", "read:", "read:A", "read:a b", ":abc")) {
      fails(ErrorCode.INVALID_REQUEST, () -> Grant.parse(wrong));
    }
  }

  @Test
  void refusesRowsThatItCannotRead() {
    BlockingChange.submit(
        journal, batch -> batch.put(AccessBook.KEYS, new byte[] {1}, new byte[] {9, 9}));
    fails(ErrorCode.STORAGE_UNUSABLE, () -> AccessRegistry.open(journal, clock));
    fails(ErrorCode.STORAGE_UNUSABLE, () -> TenantRow.decode(new byte[] {1, 0, 5, 'a'}));
    BlockingChange.submit(journal, batch -> batch.delete(AccessBook.KEYS, new byte[] {1}));
  }
}
