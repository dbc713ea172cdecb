package dev.myelin.live.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.live.broker.Heard;
import dev.myelin.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The same command twice.
final class CommandsTest extends ChannelFixture {

  @Test
  void carriesACommandOutOnce() {
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    Published first = publish(CORE, command("ann", "c-1", "hello"));
    Published again = publish(CORE, command("ann", "c-1", "hello"));
    assertThat(again.duplicate()).isTrue();
    assertThat(again).isEqualTo(new Published(first.eventId(), first.epoch(), 1, true));
    publish(CORE, command("ann", "c-2", "hello"));
    assertThat(heard.await(2).offsets()).containsExactly(1L, 2L);
    assertThat(offsets(CORE, 0)).isEqualTo(range(1, 2));
    assertThat(channels.stats().duplicates()).isEqualTo(1);
  }

  @Test
  void carriesItOutOnceAlsoIfItComesManyTimesAtOnce() {
    List<CompletableFuture<Published>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(channels.publish(CORE, command("ann", "c-1", "hello")).toCompletableFuture());
    }
    assertThat(all.stream().map(ChannelFixture::await).filter(one -> !one.duplicate())).hasSize(1);
    assertThat(all.stream().map(one -> await(one).offset()).distinct()).containsExactly(1L);
    assertThat(offsets(CORE, 0)).isEqualTo(range(1, 1));
  }

  @Test
  void refusesACommandThatSaysSomethingElse() {
    publish(CORE, command("ann", "c-1", "hello"));
    fails(ErrorCode.CONFLICT, "c-1", () -> publish(CORE, command("ann", "c-1", "bye")));
    fails(ErrorCode.CONFLICT, "new id", () -> publish(OTHER, command("ann", "c-1", "hello")));
    assertThat(offsets(CORE, 0)).isEqualTo(range(1, 1));
    assertThat(channels.exists(OTHER)).isFalse();
  }

  @Test
  void takesCommandsOfOthersForOthers() {
    publish(CORE, command("ann", "c-1", "hello"));
    assertThat(publish(CORE, command("bob", "c-1", "bye")).offset()).isEqualTo(2);
    byte[] body = "x".getBytes(StandardCharsets.UTF_8);
    NewEvent elsewhere =
        new NewEvent(
            "chat.message", json("x"), null, "ann", new CommandKey("ann", "phone", "c-1", body));
    assertThat(publish(CORE, elsewhere).offset()).isEqualTo(3);
  }

  @Test
  void knowsACommandAfterARestartAndWhenItsChannelWasDeleted() {
    Published first = publish(CORE, command("ann", "c-1", "hello"));
    reopen();
    assertThat(publish(CORE, command("ann", "c-1", "hello")).eventId()).isEqualTo(first.eventId());
    channels.delete(CORE);
    Published again = publish(CORE, command("ann", "c-1", "hello"));
    assertThat(again).isEqualTo(new Published(first.eventId(), first.epoch(), 1, true));
    assertThat(channels.exists(CORE)).isFalse();
  }

  @Test
  void forgetsACommandSomeTimeAfterItWasToBeKnown() {
    clock.advance(Duration.ofMinutes(110)); // close to the end of a window
    publish(CORE, command("ann", "c-1", "hello"));
    clock.advance(CONFIG.commandAge());
    channels.trim();
    assertThat(publish(CORE, command("ann", "c-1", "hello")).duplicate()).isTrue();
    clock.advance(CONFIG.commandAge());
    channels.trim();
    assertThat(publish(CORE, command("ann", "c-1", "hello")).duplicate()).isFalse();
    List<byte[]> kept = new ArrayList<>();
    journal.scan(ChannelTables.COMMANDS, new byte[0], (key, _) -> kept.add(key));
    assertThat(kept).hasSize(1);
  }
}
