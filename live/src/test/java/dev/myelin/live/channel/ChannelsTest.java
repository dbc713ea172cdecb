package dev.myelin.live.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.live.broker.Heard;
import dev.myelin.live.broker.Message;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChannelsTest extends ChannelFixture {

  @Test
  void keepsWhatIsPublished() {
    Published first = publish(CORE, event("hello"));
    Published second = publish(CORE, NewEvent.of("team.update", json("all")));
    assertThat(first.offset()).isEqualTo(1);
    assertThat(second.offset()).isEqualTo(2);
    assertThat(first.duplicate()).isFalse();
    assertThat(first.eventId()).hasSize(36).isNotEqualTo(second.eventId());
    ChannelPage page = channels.read(CORE, 0, 10);
    assertThat(page.epoch()).isEqualTo(first.epoch()).isEqualTo(second.epoch());
    assertThat(page.next()).isEqualTo(2);
    assertThat(page.more()).isFalse();
    ChannelEvent read = page.events().getFirst();
    assertThat(read.channel()).isEqualTo(CORE);
    assertThat(read.id()).isEqualTo(first.eventId());
    assertThat(read.type()).isEqualTo("chat.message");
    assertThat(read.previous()).isZero();
    assertThat(read.at()).isEqualTo(ManualClock.START);
    assertThat(read.correlationId()).isEqualTo("corr-1");
    assertThat(read.sender()).isEqualTo("ann");
    assertThat(read.payload()).asString(StandardCharsets.UTF_8).isEqualTo("{\"text\":\"hello\"}");
    assertThat(page.events().getLast().correlationId()).isNull();
    assertThat(page.events().getLast().sender()).isNull();
    assertThat(page.events().getLast().previous()).isEqualTo(1);
  }

  @Test
  void tellsWhatReadersCanReadAlready() {
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    publish(CORE, event("hello"));
    Message told = heard.await(1).messages().getFirst();
    ChannelEvent read = channels.read(CORE, 0, 1).events().getFirst();
    assertThat(told.type()).isEqualTo("chat.message");
    assertThat(told.offset()).isEqualTo(1);
    assertThat(ChannelEvent.of(told)).usingRecursiveComparison().isEqualTo(read);
    // As another process would have it.
    Message abroad = new Message(CORE, told.type(), 1, 0, told.at(), told.body(), null);
    assertThat(ChannelEvent.of(abroad)).usingRecursiveComparison().isEqualTo(read);
  }

  @Test
  void aChannelThatNobodyPublishedToHasTheEpochThatItWillHave() {
    ChannelEnd before = channels.end(CORE);
    assertThat(channels.exists(CORE)).isFalse();
    assertThat(before.offset()).isZero();
    assertThat(before.oldest()).isZero();
    assertThat(before.epoch()).isNotEmpty().hasSizeLessThanOrEqualTo(32);
    assertThat(channels.read(CORE, 0, 10).events()).isEmpty();
    assertThat(channels.exists(CORE)).isFalse();
    reopen();
    assertThat(publish(CORE, event("first")).epoch()).isEqualTo(before.epoch());
    assertThat(channels.exists(CORE)).isTrue();
    assertThat(channels.end(CORE)).isEqualTo(new ChannelEnd(before.epoch(), 1, 0));
  }

  @Test
  void goesOnAfterARestart() {
    publish(CORE, 3);
    ChannelEnd end = channels.end(CORE);
    reopen();
    assertThat(channels.end(CORE)).isEqualTo(end);
    assertThat(publish(CORE, event("next")).offset()).isEqualTo(4);
    assertThat(offsets(CORE, 0)).isEqualTo(range(1, 4));
  }

  @Test
  void keepsChannelsAndTenantsApart() {
    ChannelId abroad = ChannelId.parse("acme", "team:core");
    publish(CORE, 3);
    publish(OTHER, 2);
    publish(abroad, 1);
    publish(ChannelId.parse("default", "system"), 1);
    assertThat(offsets(CORE, 0)).isEqualTo(range(1, 3));
    assertThat(offsets(OTHER, 0)).isEqualTo(range(1, 2));
    assertThat(offsets(abroad, 0)).isEqualTo(range(1, 1));
    channels.delete(CORE);
    assertThat(offsets(OTHER, 0)).isEqualTo(range(1, 2));
    assertThat(offsets(abroad, 0)).isEqualTo(range(1, 1));
  }

  @Test
  void readsInPages() {
    publish(CORE, 7);
    ChannelPage first = channels.read(CORE, 0, 3);
    assertThat(first.events()).extracting(ChannelEvent::offset).containsExactly(1L, 2L, 3L);
    assertThat(first.more()).isTrue();
    ChannelPage last = channels.read(CORE, 6, 3);
    assertThat(last.events()).extracting(ChannelEvent::offset).containsExactly(7L);
    assertThat(last.more()).isFalse();
    assertThat(channels.read(CORE, 7, 3))
        .isEqualTo(new ChannelPage(last.epoch(), List.of(), 7, false));
    assertThatThrownBy(() -> channels.read(CORE, 0, 0)).hasMessageContaining("1 or more");
  }

  @Test
  void endsAPageThatWouldBeTooLarge() {
    String large = "x".repeat(900_000);
    for (int i = 0; i < 6; i++) {
      publish(CORE, event(large));
    }
    ChannelPage page = channels.read(CORE, 0, 10);
    assertThat(page.events()).hasSize(4);
    assertThat(page.more()).isTrue();
    assertThat(channels.read(CORE, page.next(), 10).events()).hasSize(2);
  }

  @Test
  void refusesCursorsThatAreNoneOfItsOwn() {
    publish(CORE, 2);
    fails(ErrorCode.GONE, "expected: 0 to 2", () -> channels.read(CORE, 3, 10));
    fails(ErrorCode.GONE, null, () -> channels.read(CORE, -1, 10));
    fails(ErrorCode.GONE, null, () -> channels.read(ChannelId.parse("default", "team:no"), 1, 10));
  }

  @Test
  void aDeletedChannelBeginsAnewInAnotherEpoch() {
    publish(CORE, 3);
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    String epoch = channels.end(CORE).epoch();
    channels.delete(CORE);
    assertThat(heard.await(1).messages().getFirst().type()).isEqualTo(Channels.DELETED);
    assertThat(heard.messages().getFirst().isEphemeral()).isTrue();
    ChannelEnd deleted = channels.end(CORE);
    assertThat(channels.exists(CORE)).isFalse();
    assertThat(deleted.offset()).isZero();
    assertThat(deleted.epoch()).isNotEqualTo(epoch);
    assertThat(offsets(CORE, 0)).isEmpty();
    reopen();
    assertThat(channels.end(CORE)).isEqualTo(deleted);
    assertThat(publish(CORE, event("anew")))
        .extracting(Published::offset, Published::epoch)
        .containsExactly(1L, deleted.epoch());
  }

  @Test
  void deletesNothingWhereNothingIs() {
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    ChannelEnd before = channels.end(CORE);
    channels.delete(CORE);
    assertThat(channels.end(CORE)).isEqualTo(before);
    publish(CORE, 1);
    assertThat(heard.await(1).offsets()).containsExactly(1L);
    channels.delete(CORE);
    channels.delete(CORE);
    publish(CORE, 1);
    assertThat(heard.await(3).offsets()).containsExactly(1L, 0L, 1L);
  }

  @Test
  void aRestoredCopyHasOtherEpochs() {
    publish(CORE, 2);
    String epoch = channels.end(CORE).epoch();
    String unused = channels.end(OTHER).epoch();
    journal.backup(temporary.resolve("copy"));
    reopen("copy");
    assertThat(channels.end(CORE).offset()).isEqualTo(2);
    assertThat(channels.end(CORE).epoch()).isNotEqualTo(epoch);
    assertThat(channels.end(OTHER).epoch()).isNotEqualTo(unused);
  }

  @Test
  void tellsOfWhatOnlyPassesBy() {
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    channels.tell(CORE, NewEvent.of("chat.typing", json("…")));
    ChannelEvent told = ChannelEvent.of(heard.await(1).messages().getFirst());
    assertThat(told.ephemeral()).isTrue();
    assertThat(told.type()).isEqualTo("chat.typing");
    assertThat(channels.exists(CORE)).isFalse();
    publish(CORE, 1);
    assertThat(channels.stats()).isEqualTo(new Channels.Stats(1, 1, 0));
  }

  @Test
  void refusesWhatCannotBeKept() {
    fails(
        ErrorCode.MESSAGE_TOO_LARGE,
        "at most 1000000",
        () -> publish(CORE, event("x".repeat(1_000_000))));
    fails(ErrorCode.INVALID_REQUEST, "chat.message", () -> NewEvent.of("Chat", json("")));
    fails(ErrorCode.INVALID_REQUEST, null, () -> NewEvent.of("a." + "b".repeat(63), json("")));
    ChannelId library = ChannelId.parse("default", "library:papers");
    assertThatThrownBy(() -> channels.publish(library, event("x")))
        .isInstanceOf(IllegalArgumentException.class);
    journal.close();
    fails(ErrorCode.SHUTTING_DOWN, null, () -> publish(CORE, event("late")));
  }

  @Test
  void refusesImpossibleBounds() {
    assertThatThrownBy(() ->
            new ChannelConfig(0, CONFIG.maxAge(), CONFIG.commandAge(), 10, CONFIG.trimInterval()))
        .hasMessageContaining("more than zero");
  }
}
