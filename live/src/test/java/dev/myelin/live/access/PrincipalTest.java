package dev.myelin.live.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.Grant;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PrincipalTest {
  private static final SpaceId MINE = new SpaceId("tenant_a", "mine");
  private static final SpaceId SECOND = new SpaceId("tenant_a", "second");

  private static Principal with(String... scopes) {
    List<Grant> grants = Stream.of(scopes).map(Grant::parse).toList();
    return new Principal("tenant_a", "key_1", 0, "a", grants);
  }

  @Test
  void eachScopeHoldsThoseBeforeIt() {
    assertThat(with("read").may(Scope.READ, MINE)).isTrue();
    assertThat(with("read").may(Scope.WRITE, MINE)).isFalse();
    assertThat(with("write").may(Scope.READ, MINE)).isTrue();
    assertThat(with("write").may(Scope.ADMIN, MINE)).isFalse();
    assertThat(with("admin").may(Scope.WRITE, MINE)).isTrue();
  }

  @Test
  void aScopeForOneLibraryEndsThere() {
    Principal one = with("read", "write:mine");
    assertThat(one.may(Scope.WRITE, MINE)).isTrue();
    assertThat(one.may(Scope.WRITE, SECOND)).isFalse();
    assertThat(one.may(Scope.READ, SECOND)).isTrue();
    assertThat(one.mayEverywhere(Scope.WRITE)).isFalse();
    assertThat(one.mayEverywhere(Scope.READ)).isTrue();
    assertThatThrownBy(() -> one.require(Scope.WRITE, SECOND))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("second");
    assertThatThrownBy(() -> one.requireEverywhere(Scope.ADMIN))
        .isInstanceOf(ServiceException.class);
    assertThat(one.require(Scope.WRITE, MINE)).isEqualTo(MINE);
  }

  @Test
  void noScopeReachesAnotherTenant() {
    assertThat(with("admin").may(Scope.READ, SpaceId.parse("mine"))).isFalse();
    assertThat(Principal.ROOT.may(Scope.READ, MINE)).isFalse();
    assertThat(Principal.ROOT.may(Scope.ADMIN, SpaceId.parse("mine"))).isTrue();
    assertThat(with("admin").isRoot()).isFalse();
    assertThat(Principal.NOBODY.may(Scope.READ, SpaceId.parse("mine"))).isFalse();
    assertThat(with("read").space("")).isEqualTo(new SpaceId("tenant_a", "default"));
    assertThat(new Grant(Scope.READ, "mine")).hasToString("read:mine");
  }
}
