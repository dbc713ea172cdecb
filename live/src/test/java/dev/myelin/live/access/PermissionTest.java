package dev.myelin.live.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Grant;
import dev.myelin.model.Permission;
import dev.myelin.model.Principal;
import dev.myelin.model.Principal.Proof;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PermissionTest {
  private static final SpaceId NOTES = new SpaceId("t1", "notes");
  private static final SpaceId CORE = new SpaceId("t1", "core-1");

  private static Principal user(String... permissions) {
    return new Principal(
        "t1",
        "ann",
        "Ann",
        List.of("editor"),
        Stream.of(permissions).map(Permission::parse).toList(),
        new Proof.Token("j1", Instant.EPOCH, Instant.EPOCH.plusSeconds(60), null));
  }

  @Test
  void readsItsPartsAndFillsInThoseThatAreMissing() {
    assertThat(Permission.parse("*")).isEqualTo(new Permission("*", "*", "*", "*"));
    assertThat(Permission.parse("team:core")).isEqualTo(new Permission("team", "core", "*", "*"));
    assertThat(Permission.parse("team:core:read"))
        .isEqualTo(new Permission("team", "core", "read", "*"));
    assertThat(Permission.parse("agent:*:invoke:agent.invoke"))
        .isEqualTo(new Permission("agent", "*", "invoke", "agent.invoke"));
    assertThat(Permission.parse("system:read"))
        .isEqualTo(new Permission("system", "*", "read", "*"));
  }

  @Test
  void anIdMayHaveColons() {
    assertThat(Permission.parse("team:a:b:write"))
        .isEqualTo(new Permission("team", "a:b", "write", "*"));
    assertThat(Permission.parse("team:a:b:write:chat.*"))
        .isEqualTo(new Permission("team", "a:b", "write", "chat.*"));
  }

  @Test
  void refusesWhatIsNoneInsteadOfGrantingMore() {
    for (String wrong :
        List.of("", ":", "team:", "team:core:raed", "a b", "é", "team:a:b:c", "x".repeat(513))) {
      assertThatThrownBy(() -> Permission.parse(wrong))
          .as(wrong)
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("expected: type:id:action");
    }
  }

  @Test
  void isWrittenAsItIsRead() {
    for (String text :
        List.of("*", "*:*:read", "team:core:*", "team:a:b:write", "chat:*:write:chat.*")) {
      assertThat(Permission.parse(text)).hasToString(text);
    }
  }

  @Test
  void scopesOfLibrariesFollowFromTokens() {
    assertThat(user("library:notes:read").may(Scope.READ, NOTES)).isTrue();
    assertThat(user("library:notes:read").may(Scope.WRITE, NOTES)).isFalse();
    assertThat(user("library:notes:read").may(Scope.READ, CORE)).isFalse();
    assertThat(user("library:core-*:write").may(Scope.READ, CORE)).isTrue();
    assertThat(user("library:core-*:write").may(Scope.ADMIN, CORE)).isFalse();
    assertThat(user("library:notes:admin").may(Scope.WRITE, NOTES)).isTrue();
    assertThat(user("library:notes").may(Scope.ADMIN, NOTES)).isTrue();
    assertThat(user("library:notes:read:some.event").may(Scope.READ, NOTES)).isFalse();
    assertThat(user("team:notes:read").may(Scope.READ, NOTES)).isFalse();
    assertThat(user("*").may(Scope.ADMIN, NOTES)).isTrue();
    assertThat(user("*").may(Scope.ADMIN, new SpaceId("t2", "notes"))).isFalse();
    assertThat(user().may(Scope.READ, NOTES)).isFalse();
  }

  private static ChannelId channel(String name) {
    return ChannelId.parse("t1", name);
  }

  @Test
  void eachActionInAChannelStandsForItselfOnly() {
    Principal writer = user("team:core:write");
    assertThat(writer.may(ChannelAction.WRITE, channel("team:core"))).isTrue();
    assertThat(writer.may(ChannelAction.READ, channel("team:core"))).isFalse();
    assertThat(writer.may(ChannelAction.WRITE, channel("team:other"))).isFalse();
    assertThat(writer.may(ChannelAction.WRITE, channel("document:core"))).isFalse();
    assertThat(writer.may(ChannelAction.WRITE, ChannelId.parse("t2", "team:core"))).isFalse();
    Principal admin = user("team:core:admin");
    for (ChannelAction action : ChannelAction.values()) {
      assertThat(admin.may(action, channel("team:core"))).isTrue();
      assertThat(user("*").may(action, channel("system"))).isTrue();
      assertThat(Principal.ANONYMOUS.may(action, ChannelId.parse("default", "team:core"))).isTrue();
      assertThat(Principal.NOBODY.may(action, ChannelId.parse("default", "user:nobody"))).isFalse();
    }
    assertThat(user("library:notes:write").may(ChannelAction.READ, channel("library:notes")))
        .isTrue();
    assertThat(user("system:read").may(ChannelAction.READ, channel("system"))).isTrue();
    assertThat(user("team:core:read:team.activity").may(ChannelAction.READ, channel("team:core")))
        .isFalse();
  }

  @Test
  void whatMayBeSentDependsOnTheTypeOfTheEvent() {
    Principal chatter = user("conversation:*:write:chat.*", "agent:a1:invoke");
    assertThat(chatter.maySend("chat.message", channel("conversation:c1"))).isTrue();
    assertThat(chatter.maySend("team.activity", channel("conversation:c1"))).isFalse();
    assertThat(chatter.may(ChannelAction.WRITE, channel("conversation:c1"))).isTrue();
    assertThat(chatter.maySend("agent.invoke", channel("agent:a1"))).isTrue();
    assertThat(chatter.maySend("agent.invoke", channel("agent:a2"))).isFalse();
    assertThat(chatter.maySend("chat.message", channel("agent:a1"))).isFalse();
    assertThat(chatter.maySend("chat.message", ChannelId.parse("t2", "conversation:c1"))).isFalse();
  }

  @Test
  void everybodyReadsTheirOwnUserChannelOnly() {
    assertThat(user().may(ChannelAction.READ, channel("user:ann"))).isTrue();
    assertThat(user().may(ChannelAction.WRITE, channel("user:ann"))).isFalse();
    assertThat(user().may(ChannelAction.READ, channel("user:bob"))).isFalse();
    assertThat(user().may(ChannelAction.READ, ChannelId.parse("t2", "user:ann"))).isFalse();
  }

  @Test
  void everySubjectHasAChannelThatNoOtherHas() {
    assertThat(ChannelId.ofUser("t1", "ann").name()).isEqualTo("user:ann");
    assertThat(ChannelId.ofUser("t1", "auth0|ann").name()).isEqualTo("user:auth0~7Cann");
    assertThat(ChannelId.ofUser("t1", "auth0~7Cann").name()).isEqualTo("user:auth0~7E7Cann");
    assertThat(ChannelId.ofUser("t1", "é@x").name()).isEqualTo("user:~C3~A9~40x");
    assertThatThrownBy(() -> ChannelId.ofUser("t1", "")).isInstanceOf(ServiceException.class);
    assertThatThrownBy(() -> ChannelId.ofUser("t1", "x".repeat(201)))
        .isInstanceOf(ServiceException.class);
  }

  @Test
  void onlyAPermissionForEveryLibraryIsOneForAll() {
    assertThat(user("library:*:write").mayEverywhere(Scope.READ)).isTrue();
    assertThat(user("*").mayEverywhere(Scope.ADMIN)).isTrue();
    assertThat(user("library:core-*:admin").mayEverywhere(Scope.READ)).isFalse();
    assertThat(user("team:*:admin").mayEverywhere(Scope.READ)).isFalse();
  }

  @Test
  void aTokenForEverythingDoesNotRunTheServer() {
    Principal all = user("*");
    assertThat(all.isRoot()).isFalse();
    assertThat(all.hasKey()).isTrue();
    assertThat(all.tokenId()).isEqualTo("j1");
    assertThat(all.expiresAt()).isEqualTo(Instant.EPOCH.plusSeconds(60));
    Principal named =
        new Principal("t1", "root", "root", List.of(), all.permissions(), all.proof());
    assertThat(named.isRoot()).isFalse();
    assertThat(named.keyId()).isNotEqualTo(Principal.ROOT.keyId());
    assertThat(Principal.ANONYMOUS.isRoot()).isTrue();
    assertThat(Principal.ANONYMOUS.expiresAt()).isNull();
    assertThat(Principal.NOBODY.tokenId()).isNull();
    assertThat(Principal.NOBODY.keyId()).isEqualTo("nobody");
  }

  @Test
  void theHashChangesWithWhatIsPermittedAndNotWithTheOrder() {
    String hash = user("team:a:read", "team:b:read").permissionsHash();
    assertThat(hash).matches("[0-9a-f]{16}");
    assertThat(user("team:b:read", "team:a:read").permissionsHash()).isEqualTo(hash);
    assertThat(user("team:b:read").permissionsHash()).isNotEqualTo(hash);
  }

  @Test
  void aKeyOfTheWholeTenantReachesItsChannels() {
    assertThat(Permission.of(List.of(Grant.parse("write"))))
        .containsExactly(
            Permission.parse("*:*:read"),
            Permission.parse("*:*:write"),
            Permission.parse("*:*:invoke"));
    assertThat(Permission.of(List.of(Grant.parse("admin:notes"))))
        .containsExactly(Permission.parse("library:notes:admin"));
  }
}
