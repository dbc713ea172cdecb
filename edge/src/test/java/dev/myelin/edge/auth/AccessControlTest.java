package dev.myelin.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.edge.auth.AccessControl.Decision;
import dev.myelin.edge.auth.AccessControl.Denied;
import dev.myelin.edge.auth.AccessControl.Welcome;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.live.access.AccessRegistry;
import dev.myelin.live.access.NewKey;
import dev.myelin.live.access.NewTenant;
import dev.myelin.live.token.Revocation.Kind;
import dev.myelin.live.token.Revocation.Wanted;
import dev.myelin.live.token.TokenConfig;
import dev.myelin.live.token.TokenException;
import dev.myelin.live.token.TokenSigner;
import dev.myelin.live.token.Tokens;
import dev.myelin.model.Grant;
import dev.myelin.model.Permission;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.MemoryFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who a request is made by, and what ends with its key.
final class AccessControlTest {
  private static final OriginPolicy ORIGINS = new OriginPolicy(List.of(), false);
  private static final String ROOT = "correct-horse-battery-staple";

  private static final TokenConfig CONFIG =
      new TokenConfig("0123456789abcdef0123456789abcdef", null, null, null);

  @TempDir(factory = MemoryFolder.class)
  private Path folder;

  private final ManualClock clock = new ManualClock();
  private RocksJournal journal;
  private AccessRegistry registry;
  private Tokens tokens;

  @BeforeEach
  void open() {
    journal = RocksJournal.open(folder, JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
    registry = AccessRegistry.open(journal, clock);
    tokens = Tokens.open(CONFIG, journal, registry, clock);
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
    return access.check(headers, "localhost", needsKey, InQuery.NOTHING);
  }

  private static Decision check(AccessControl access, InQuery query) {
    return access.check(MultiMap.caseInsensitiveMultiMap(), "localhost", true, query);
  }

  private static AccessControl access(Credentials credentials) {
    return new AccessControl(credentials, ORIGINS, true);
  }

  private static void assertRefused(Decision decision) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Denied.class,
            it -> {
              assertThat(it.temporary()).isFalse();
              assertThat(it.text()).isNotEmpty();
            });
  }

  private static String token(String... permissions) {
    return token(Duration.ofMinutes(5), permissions);
  }

  private static String token(Duration lifetime, String... permissions) {
    return new TokenSigner(CONFIG)
        .sign(
            new TokenSigner.Wanted(
                "ann",
                "t1",
                null,
                List.of(),
                Stream.of(permissions).map(Permission::parse).toList(),
                lifetime),
            ManualClock.START);
  }

  private static Principal principal(Decision decision) {
    assertThat(decision).isInstanceOf(Welcome.class);
    return ((Welcome) decision).principal();
  }

  @Test
  void beyondThisMachineNobodyIsRootOnceAKeyWasMade() {
    Credentials credentials = new Credentials(null, false, false);
    AccessControl insecure = access(credentials);
    assertThat(principal(check(insecure, "", true))).isEqualTo(Principal.ANONYMOUS);
    credentials.open(registry.keys(), tokens);
    assertThat(principal(check(insecure, "", true))).isEqualTo(Principal.ANONYMOUS);
    String key = key();
    assertRefused(check(insecure, "", true));
    assertThat(principal(check(insecure, "", false))).isEqualTo(Principal.NOBODY);
    assertThat(principal(check(insecure, key, true)).isRoot()).isFalse();
  }

  @Test
  void onThisMachineWithoutARootKeyWhoShowsNoKeyIsRoot() {
    Credentials credentials = new Credentials(null, false, true);
    AccessControl local = access(credentials);
    credentials.open(registry.keys(), tokens);
    String key = key();
    assertThat(principal(check(local, "", true))).isEqualTo(Principal.ANONYMOUS);
    assertThat(principal(check(local, key, true)).permissions())
        .containsExactly(Permission.parse("*:*:read"));
    assertRefused(check(local, key + "x", false));
  }

  @Test
  void withARootKeyOnlyKeysOpen() {
    Credentials credentials = new Credentials(ApiKey.of(ROOT), false, true);
    AccessControl keyed = access(credentials);
    String key = key();
    assertThat(check(keyed, key, true))
        .isInstanceOfSatisfying(Denied.class, it -> assertThat(it.temporary()).isTrue());
    credentials.open(registry.keys(), tokens);
    assertRefused(check(keyed, "", true));
    assertThat(principal(check(keyed, ROOT, true))).isEqualTo(Principal.ROOT);
    assertThat(principal(check(keyed, key, true)).hasKey()).isTrue();
    clock.advance(Duration.ofDays(1));
    assertRefused(check(keyed, key, true));
  }

  @Test
  void whatAKeyOpenedEndsOnceWhenItExpires() {
    AtomicInteger cuts = new AtomicInteger();
    Principal principal = registry.keys().authenticate(key()).orElseThrow();
    try (KeyWatch watch = new KeyWatch(registry.keys(), tokens);
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
    try (KeyWatch watch = new KeyWatch(registry.keys(), tokens);
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

  @Test
  void aTokenOpensWhatItPermitsAndClosesTheServerToThoseWithoutOne() throws Exception {
    Credentials credentials = new Credentials(null, true, true);
    credentials.open(registry.keys(), tokens);
    assertThat(credentials.required()).isTrue();
    AccessControl access = access(credentials);
    assertRefused(check(access, "", true));
    Principal ann = principal(check(access, token("library:notes:read"), true));
    assertThat(ann.subject()).isEqualTo("ann");
    assertThat(ann.may(Scope.READ, new SpaceId("t1", "notes"))).isTrue();
    assertThat(ann.may(Scope.WRITE, new SpaceId("t1", "notes"))).isFalse();
    assertRefused(check(access, token("*") + "A", true));
    assertThat(credentials.of(token("*")).isRoot()).isFalse();
  }

  @Test
  void theQueryShowsTokensOnlyWhereThatIsOn() {
    Credentials credentials = new Credentials(null, true, true);
    credentials.open(registry.keys(), tokens);
    InQuery shown = new InQuery(token("*"), null);
    assertThat(principal(check(access(credentials), shown)).subject()).isEqualTo("ann");
    assertRefused(check(new AccessControl(credentials, ORIGINS, false), shown));
    assertThat(shown.toString()).doesNotContain(String.valueOf(shown.token()));
  }

  @Test
  void aTicketOpensOnceAndNotAfterItsTokenWasRevoked() throws Exception {
    Credentials credentials = new Credentials(null, true, true);
    credentials.open(registry.keys(), tokens);
    AccessControl access = access(credentials);
    Principal ann = credentials.of(token("*"));
    InQuery first = new InQuery(null, tokens.tickets().issue(ann).secret());
    assertThat(principal(check(access, first))).isEqualTo(ann);
    assertRefused(check(access, first));

    InQuery second = new InQuery(null, tokens.tickets().issue(ann).secret());
    revokeAnn();
    assertRefused(check(access, second));
    assertThatThrownBy(() -> credentials.of(token("*")))
        .isInstanceOfSatisfying(
            TokenException.class,
            e -> assertThat(e.reason()).isEqualTo(TokenException.Reason.REVOKED));
  }

  private void revokeAnn() {
    tokens
        .revocations()
        .revoke(
            new Wanted("t1", Kind.SUBJECT, "ann", clock.instant().plusSeconds(3_600), "a test"));
  }

  @Test
  void whatATokenOpenedEndsWhenItIsRevoked() throws Exception {
    AtomicInteger cuts = new AtomicInteger();
    Principal ann = tokens.verify(token("*"));
    try (KeyWatch watch = new KeyWatch(registry.keys(), tokens);
        KeyWatch.Watched _ = watch.watch(ann, cuts::incrementAndGet);
        KeyWatch.Watched _ = watch.watchRevocation(ann, () -> cuts.addAndGet(10))) {
      watch.sweep();
      assertThat(cuts).hasValue(0);
      revokeAnn();
      assertThat(cuts).hasValue(11);
    }
  }

  @Test
  void whatATokenOpenedEndsWhenItExpiresUnlessItMayBeRenewed() throws Exception {
    AtomicInteger cuts = new AtomicInteger();
    Principal ann = tokens.verify(token("*"));
    try (KeyWatch watch = new KeyWatch(registry.keys(), tokens);
        KeyWatch.Watched _ = watch.watch(ann, cuts::incrementAndGet);
        KeyWatch.Watched _ = watch.watchRevocation(ann, () -> cuts.addAndGet(10))) {
      clock.advance(Duration.ofMinutes(6));
      watch.sweep();
      assertThat(cuts).hasValue(1);
    }
  }

  @Test
  void aTenantThatHasEndedHasNoTokens() throws Exception {
    String tenant = registry.tenants().create(new NewTenant("a", null, null)).issued().id();
    String token =
        new TokenSigner(CONFIG)
            .sign(
                new TokenSigner.Wanted(
                    "ann", tenant, null, List.of(), List.of(), Duration.ofMinutes(5)),
                clock.instant());
    Principal ann = tokens.verify(token);
    registry.tenants().deactivate(tenant);
    assertThat(tokens.isAlive(ann)).isFalse();
    assertThatThrownBy(() -> tokens.verify(token)).isInstanceOf(TokenException.class);
  }
}
