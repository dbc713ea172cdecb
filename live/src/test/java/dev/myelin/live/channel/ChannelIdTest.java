package dev.myelin.live.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.EventIds;
import dev.myelin.model.SpaceId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conversation:c-1",
        "team:Core.Team_2~x",
        "document:a:b",
        "agent:0",
        "user:ann",
        "library:papers",
        "system",
        "notifications"
      })
  void isWrittenAsItWasRead(String text) {
    ChannelId channel = ChannelId.parse("acme", text);
    assertThat(channel.name()).isEqualTo(text);
    assertThat(channel.tenant()).isEqualTo("acme");
    assertThat(channel).isEqualTo(ChannelId.parse("acme", text)).hasToString("acme/" + text);
    assertThat(ChannelId.parse("default", text)).isNotEqualTo(channel).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "team",
        "team:",
        "Team:core",
        "teams:core",
        "team:a b",
        "team:a/b",
        "team:ä",
        "team:a\n",
        "system:x",
        "library:No",
        "library:x"
      })
  void isRefusedIfItNamesNone(String text) {
    ChannelFixture.fails(
        ErrorCode.INVALID_CHANNEL, "expected", () -> ChannelId.parse("acme", text));
  }

  @Test
  void isRefusedIfItIsTooLong() {
    assertThat(ChannelId.parse("acme", "team:" + "x".repeat(200)).id()).hasSize(200);
    ChannelFixture.fails(
        ErrorCode.INVALID_CHANNEL,
        "200 characters",
        () -> ChannelId.parse("acme", "team:" + "x".repeat(201)));
    ChannelFixture.fails(
        ErrorCode.INVALID_CHANNEL, "tenant", () -> ChannelId.parse("Not a tenant", "team:x"));
  }

  @Test
  void namesTheLibraryThatItTellsOf() {
    SpaceId space = SpaceId.of("acme", "papers");
    assertThat(ChannelId.ofLibrary(space)).isEqualTo(ChannelId.parse("acme", "library:papers"));
    assertThat(ChannelId.ofLibrary(space).space()).isEqualTo(space);
    assertThatThrownBy(() -> ChannelId.parse("acme", "team:x").space())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void typesAreWrittenInLowerCase() {
    assertThat(ChannelType.parse("team")).contains(ChannelType.TEAM);
    assertThat(ChannelType.parse("TEAM")).isEmpty();
    assertThat(ChannelType.NOTIFICATIONS.word()).isEqualTo("notifications");
  }

  @Test
  void idsOfEventsSortByTime() {
    UUID early = UUID.fromString(EventIds.next(1_700_000_000_000L));
    UUID late = UUID.fromString(EventIds.next(1_700_000_000_001L));
    assertThat(early.version()).isEqualTo(7);
    assertThat(early.variant()).isEqualTo(2);
    assertThat(early.toString()).isLessThan(late.toString());
    assertThat(early.getMostSignificantBits() >>> 16).isEqualTo(1_700_000_000_000L);
  }
}
