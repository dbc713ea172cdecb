package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.RetryPolicy;
import dev.myelin.client.channel.Channel;
import dev.myelin.client.channel.ChannelClient;
import dev.myelin.client.channel.ChannelEvent;
import dev.myelin.client.channel.ChannelFollower;
import dev.myelin.client.channel.NewEvent;
import dev.myelin.client.channel.Position;
import dev.myelin.client.channel.Published;
import dev.myelin.client.model.GoneException;
import dev.myelin.testkit.CuttingProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Following a channel from a back end, over connections that break.
@Timeout(180)
class ChannelFollowerIT {
  private static final String CORE = "team:core";
  private static final ClientOptions QUICK =
      ClientOptions.DEFAULT.withRetry(
          new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(50), Duration.ofMinutes(1)));

  @TempDir private Path folder;

  private static ChannelClient client(int port) {
    return ChannelClient.connect(URI.create("http://127.0.0.1:" + port), QUICK);
  }

  private static Published say(Channel channel, int number) {
    return channel.publish(NewEvent.of("team.activity", Map.of("n", number)));
  }

  private static CompletableFuture<Void> sayMany(Channel channel, int count) {
    return CompletableFuture.runAsync(() -> {
      for (int i = 1; i <= count; i++) {
        var _ = say(channel, i);
      }
    });
  }

  /// The first so many events of a follower; the connection is cut after every 25th.
  private static List<ChannelEvent> take(ChannelFollower follower, int count, CuttingProxy proxy) {
    List<ChannelEvent> told = new ArrayList<>();
    while (told.size() < count) {
      told.add(follower.next());
      if (told.size() % 25 == 0) {
        proxy.cut();
      }
    }
    return told;
  }

  private static void isWhole(List<ChannelEvent> told) {
    for (int i = 0; i < told.size(); i++) {
      assertThat(told.get(i).offset()).isEqualTo(i + 1);
      assertThat(told.get(i).payload()).containsEntry("n", i + 1);
    }
  }

  @Test
  void streamsEachEventOnceHoweverOftenTheConnectionBreaks() throws Exception {
    int count = 400;
    AtomicInteger breaks = new AtomicInteger();
    try (TestServer server = TestServer.open(folder);
        CuttingProxy proxy = CuttingProxy.to(server.port());
        ChannelClient writer = client(server.port());
        ChannelClient reader = client(proxy.port())) {
      Channel channel = writer.channel(CORE);
      Position begin = channel.position();
      CompletableFuture<Void> written = sayMany(channel, count);
      try (ChannelFollower follower =
          reader.channel(CORE).follow(begin, (_, _) -> breaks.incrementAndGet())) {
        List<ChannelEvent> told = take(follower, count, proxy);
        written.join();
        isWhole(told);
        assertThat(follower.position()).isEqualTo(channel.position());
        assertThat(channel.history().toList()).isEqualTo(told);
      }
      assertThat(breaks).hasPositiveValue();
    }
  }

  @Test
  void pollsEachEventOnceHoweverOftenTheConnectionBreaks() throws Exception {
    int count = 200;
    try (TestServer server = TestServer.open(folder);
        CuttingProxy proxy = CuttingProxy.to(server.port());
        ChannelClient writer = client(server.port());
        ChannelClient reader = client(proxy.port())) {
      Channel channel = writer.channel(CORE);
      CompletableFuture<Void> written = sayMany(channel, count);
      try (ChannelFollower follower =
          reader
              .channel(CORE)
              .poll(
                  new Position(channel.position().epoch(), 0),
                  Duration.ofSeconds(20),
                  (_, _) -> {})) {
        isWhole(take(follower, count, proxy));
      }
      written.join();
    }
  }

  @Test
  void goesOnAfterTheServerCameBackElsewhere() throws Exception {
    try (TestServer server = TestServer.open(folder);
        CuttingProxy proxy = CuttingProxy.to(server.port());
        ChannelClient client = client(proxy.port());
        ChannelFollower follower = client.channel(CORE).follow(client.channel(CORE).position())) {
      var _ = say(client.channel(CORE), 1);
      assertThat(follower.next().offset()).isEqualTo(1);

      server.restart();
      proxy.forwardTo(server.port());
      try (ChannelClient writer = client(server.port())) {
        assertThat(say(writer.channel(CORE), 2).offset()).isEqualTo(2);
      }

      assertThat(follower.next().payload()).containsEntry("n", 2);
    }
  }

  @Test
  void tellsWhatIsOnlyForWhoListens() throws Exception {
    try (TestServer server = TestServer.open(folder);
        ChannelClient client = client(server.port());
        ChannelFollower follower = client.user("ann").follow(client.user("ann").position())) {
      Channel ann = client.user("ann");
      var _ = say(ann, 1);
      assertThat(follower.next().offset()).isEqualTo(1);

      assertThat(ann.publish(NewEvent.of("chat.typing", Map.of()).asEphemeral()).offset()).isZero();
      var _ = say(ann, 2);

      assertThat(follower.next().isEphemeral()).isTrue();
      assertThat(follower.next().offset()).isEqualTo(2);
      assertThat(ann.history().toList()).hasSize(2);
    }
  }

  @Test
  void aPositionThatIsLostIsSaidSo() {
    try (TestServer server = TestServer.open(folder);
        ChannelClient client = client(server.port())) {
      Channel channel = client.channel(CORE);
      var _ = say(channel, 1);

      for (Position lost : List.of(new Position("another", 1), new Position("", 99))) {
        assertThatThrownBy(() -> channel.since(lost).toList()).isInstanceOf(GoneException.class);
        try (ChannelFollower follower = channel.follow(lost)) {
          assertThatThrownBy(follower::next).isInstanceOf(GoneException.class);
        }
      }
    }
  }
}
