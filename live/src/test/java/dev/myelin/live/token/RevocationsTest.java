package dev.myelin.live.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.live.token.Revocation.Kind;
import dev.myelin.live.token.Revocation.Wanted;
import dev.myelin.model.Principal;
import dev.myelin.model.Principal.Proof;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.MemoryFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RevocationsTest {
  private static final Instant LATER = ManualClock.START.plus(Duration.ofDays(1));

  @TempDir(factory = MemoryFolder.class)
  private Path folder;

  private final ManualClock clock = new ManualClock();
  private RocksJournal journal;
  private Revocations revocations;

  @BeforeEach
  void open() {
    journal = RocksJournal.open(folder, JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
    revocations = Revocations.open(journal, clock);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void reopen() {
    close();
    open();
  }

  private static Principal holder(
      String tenant, String subject, @Nullable String id, Instant issued) {
    return new Principal(
        tenant, subject, subject, List.of(), List.of(), new Proof.Token(id, issued, LATER, null));
  }

  private static Wanted token(String id) {
    return new Wanted("t1", Kind.TOKEN, id, LATER, "admin");
  }

  private static Wanted subject(String name) {
    return new Wanted("t1", Kind.SUBJECT, name, LATER, "admin");
  }

  @Test
  void endsOneTokenInItsTenantOnly() {
    revocations.revoke(token("j1"));
    assertThat(revocations.isRevoked(holder("t1", "ann", "j1", clock.instant()))).isTrue();
    assertThat(revocations.isRevoked(holder("t1", "ann", "j2", clock.instant()))).isFalse();
    assertThat(revocations.isRevoked(holder("t1", "j1", null, clock.instant()))).isFalse();
    assertThat(revocations.isRevoked(holder("t2", "ann", "j1", clock.instant()))).isFalse();
    assertThat(revocations.isRevoked(Principal.ROOT)).isFalse();
  }

  @Test
  void endsTheTokensThatAUserHasNowAndNotThoseToCome() {
    revocations.revoke(subject("ann"));
    assertThat(revocations.isRevoked(holder("t1", "ann", "j1", clock.instant()))).isTrue();
    assertThat(revocations.isRevoked(holder("t1", "ann", null, Instant.EPOCH))).isTrue();
    assertThat(revocations.isRevoked(holder("t1", "bob", "j1", clock.instant()))).isFalse();
    assertThat(revocations.isRevoked(holder("t2", "ann", "j1", clock.instant()))).isFalse();
    Instant after = clock.instant().plusSeconds(1);
    assertThat(revocations.isRevoked(holder("t1", "ann", "j3", after))).isFalse();
    clock.advance(Duration.ofSeconds(2));
    revocations.revoke(subject("ann"));
    assertThat(revocations.isRevoked(holder("t1", "ann", "j3", after))).isTrue();
  }

  @Test
  void isKnownAfterARestart() {
    Revocation one = revocations.revoke(token("j1"));
    clock.advance(Duration.ofSeconds(1));
    Revocation all = revocations.revoke(subject("ann"));
    reopen();
    assertThat(revocations.list("t1")).containsExactly(all, one);
    assertThat(revocations.list("t2")).isEmpty();
    assertThat(revocations.isRevoked(holder("t1", "eve", "j1", clock.instant()))).isTrue();
  }

  @Test
  void saidAgainItKeepsItsIdAndNeverEndsSooner() {
    Revocation first = revocations.revoke(token("j1"));
    Revocation second =
        revocations.revoke(
            new Wanted("t1", Kind.TOKEN, "j1", clock.instant().plusSeconds(1), "other"));
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.until()).isEqualTo(LATER);
    assertThat(revocations.list("t1")).containsExactly(second);
  }

  @Test
  void canBeTakenBackByItsTenantOnly() {
    Revocation one = revocations.revoke(token("j1"));
    assertThatThrownBy(() -> revocations.delete("t2", one.id()))
        .isInstanceOf(ServiceException.class);
    revocations.delete("t1", one.id());
    assertThat(revocations.isRevoked(holder("t1", "ann", "j1", clock.instant()))).isFalse();
    reopen();
    assertThat(revocations.list("t1")).isEmpty();
    assertThatThrownBy(() -> revocations.delete("t1", one.id()))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("List them");
  }

  @Test
  void entriesEndAndAreForgotten() {
    revocations.revoke(token("j1"));
    revocations.revoke(new Wanted("t1", Kind.TOKEN, "j2", LATER.plus(Duration.ofDays(1)), "admin"));
    revocations.sweep();
    assertThat(revocations.list("t1")).hasSize(2);
    clock.set(LATER);
    assertThat(revocations.isRevoked(holder("t1", "ann", "j1", clock.instant()))).isFalse();
    assertThat(revocations.list("t1")).hasSize(1);
    revocations.sweep();
    List<String> kept = new ArrayList<>();
    journal.scan(
        Revocations.TABLE, new byte[0], (_, row) -> kept.add(RevocationRow.decode(row).value()));
    assertThat(kept).containsExactly("j2");
  }

  @Test
  void tellsWhomItIsForUntilNobodyListens() {
    Principal ann = holder("t1", "ann", "j1", clock.instant());
    Principal bob = holder("t1", "bob", "j2", clock.instant());
    List<Boolean> told = new ArrayList<>();
    try (var _ =
        revocations.whenRevoked(concerns -> {
          told.add(concerns.test(ann));
          told.add(concerns.test(bob));
        })) {
      revocations.revoke(token("j1"));
    }
    revocations.revoke(token("j2"));
    assertThat(told).containsExactly(true, false);
  }

  @Test
  void aTenantHasSoManyAtMost() {
    for (int i = 0; i < Revocations.MAX_PER_TENANT; i++) {
      revocations.revoke(token("j" + i));
    }
    assertThatThrownBy(() -> revocations.revoke(token("one more")))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("as many");
    assertThat(revocations.revoke(token("j1")).value()).isEqualTo("j1");
    revocations.revoke(new Wanted("t2", Kind.TOKEN, "j", LATER, "admin"));
    clock.set(LATER.minusSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(
            revocations
                .revoke(new Wanted("t1", Kind.TOKEN, "after", LATER.plusSeconds(60), "admin"))
                .value())
        .isEqualTo("after");
  }
}
