package dev.myelin.live.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Journal;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.BrokerConfig;
import dev.myelin.live.broker.LocalBroker;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.MemoryFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Channels on a journal of their own, and what is done with them often.
abstract class ChannelFixture {
  static final ChannelId CORE = ChannelId.parse("default", "team:core");
  static final ChannelId OTHER = ChannelId.parse("default", "team:core:sub");

  /// Trims only when a test says so.
  static final ChannelConfig CONFIG =
      new ChannelConfig(
          10, Duration.ofHours(1), Duration.ofHours(2), 1_000_000, Duration.ofDays(1));

  @TempDir(factory = MemoryFolder.class)
  Path temporary;

  final ManualClock clock = new ManualClock();
  Journal journal;
  Broker broker;
  Channels channels;

  private String folder = "journal";
  private ChannelConfig config = CONFIG;

  @BeforeEach
  void openChannels() {
    journal =
        RocksJournal.open(
            temporary.resolve(folder), JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
    broker = LocalBroker.open(BrokerConfig.DEFAULT);
    channels = Channels.open(config, journal, broker, clock);
  }

  @AfterEach
  void closeChannels() {
    channels.close();
    broker.close();
    journal.close();
  }

  void reopen() {
    closeChannels();
    openChannels();
  }

  void reopen(ChannelConfig other) {
    config = other;
    reopen();
  }

  /// Goes on with the journal in another folder.
  void reopen(String other) {
    folder = other;
    reopen();
  }

  static NewEvent event(String text) {
    return new NewEvent("chat.message", json(text), "corr-1", "ann", null);
  }

  static NewEvent command(String subject, String id, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return new NewEvent(
        "chat.message", json(text), null, subject, new CommandKey(subject, "laptop", id, body));
  }

  static byte[] json(String text) {
    return ("{\"text\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
  }

  Published publish(ChannelId channel, NewEvent event) {
    return await(channels.publish(channel, event).toCompletableFuture());
  }

  static Published await(CompletableFuture<Published> publishing) {
    try {
      return publishing.orTimeout(60, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException reason ? reason : e;
    }
  }

  void publish(ChannelId channel, int count) {
    for (int i = 1; i <= count; i++) {
      publish(channel, event("event " + i));
    }
  }

  List<Long> offsets(ChannelId channel, long after) {
    return channels.read(channel, after, 1_000).events().stream()
        .map(ChannelEvent::offset)
        .toList();
  }

  static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  static void fails(ErrorCode code, @Nullable String text, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(code);
              assertThat(failure.text()).contains(text == null ? "" : text);
            });
  }
}
