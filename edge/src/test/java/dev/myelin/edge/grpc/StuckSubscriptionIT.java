package dev.myelin.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.channel.ChannelDesk;
import dev.myelin.edge.channel.Ears;
import dev.myelin.edge.channel.Pace;
import dev.myelin.edge.fanout.FanOut;
import dev.myelin.edge.grpc.Stranger.Talk;
import dev.myelin.edge.grpc.channel.ChannelRpcs;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.live.broker.BrokerConfig;
import dev.myelin.live.broker.LocalBroker;
import dev.myelin.live.channel.ChannelConfig;
import dev.myelin.live.channel.Channels;
import dev.myelin.live.channel.NewEvent;
import dev.myelin.live.limit.RateLimitConfig;
import dev.myelin.live.limit.RateLimits;
import dev.myelin.live.timer.TimerWheel;
import dev.myelin.model.ChannelId;
import dev.myelin.proto.myelin.v1.SubscribeRequest;
import dev.myelin.proto.myelin.v1.SubscribeResponse;
import dev.myelin.testkit.Eventually;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Readers of `ChannelService/Subscribe` that request nothing more, beside one that reads.
@Timeout(180)
class StuckSubscriptionIT {
  private static final ChannelId SQUARE = ChannelId.parse("default", "team:square");
  private static final String SUBSCRIBE = "myelin.v1.ChannelService/Subscribe";
  private static final int EVENTS = 600;
  private static final int WINDOW = 64 * 1024;

  @TempDir private Path folder;

  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final TimerWheel wheel = TimerWheel.start();
  private TestServer server;
  private RocksJournal journal;
  private LocalBroker broker;
  private FanOut fanOut;
  private Channels channels;
  private Stranger client;

  @BeforeEach
  void start() {
    broker = LocalBroker.open(BrokerConfig.DEFAULT);
    fanOut = new FanOut(broker);
    InstantSource clock = InstantSource.system();
    journal =
        RocksJournal.open(
            folder.resolve("said"), JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
    channels = Channels.open(ChannelConfig.DEFAULT, journal, broker, clock);
    Pace pace = new Pace(new RateLimits(RateLimitConfig.DEFAULT, wheel, clock));
    ChannelDesk desk = new ChannelDesk(channels, channels, new Ears(fanOut), pace);
    server =
        new TestServer(folder, new ChannelRpcs(desk, blocking, Duration.ofSeconds(1)).module());
    client = new Stranger(server.port, builder -> builder.flowControlWindow(WINDOW));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    channels.close();
    broker.close();
    wheel.close();
    journal.close();
    blocking.close();
  }

  /// @param credit how many answers it reads
  private static Talk<SubscribeRequest, SubscribeResponse> subscribe(
      Stranger who, int credit, long after) {
    Talk<SubscribeRequest, SubscribeResponse> talk =
        new Talk<>(
            who.channel.newCall(
                Stranger.method(
                    SUBSCRIBE,
                    MethodType.SERVER_STREAMING,
                    SubscribeRequest.getDefaultInstance(),
                    SubscribeResponse.getDefaultInstance()),
                who.options),
            credit);
    SubscribeRequest.Builder request = SubscribeRequest.newBuilder().setChannel(SQUARE.name());
    talk.send(after < 0 ? request.build() : request.setAfter(after).build());
    talk.call.halfClose();
    assertThat(talk.next().hasPosition()).isTrue();
    return talk;
  }

  private void publish(int count) {
    byte[] payload = ("{\"text\":\"" + "x".repeat(8_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < count; i++) {
      var _ =
          channels
              .publish(SQUARE, NewEvent.of("app.note", payload.clone()))
              .toCompletableFuture()
              .join();
    }
  }

  private static List<Long> offsets(Talk<SubscribeRequest, SubscribeResponse> talk, int count) {
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      offsets.add(talk.next().getEvent().getOffset());
    }
    return offsets;
  }

  private static List<Long> range(long first, long last) {
    List<Long> all = new ArrayList<>();
    for (long i = first; i <= last; i++) {
      all.add(i);
    }
    return all;
  }

  @Test
  void letsGoOfReadersThatRequestNothingMoreWhileOthersHearAll() throws Exception {
    var honest = subscribe(client, Integer.MAX_VALUE, -1);
    List<Talk<SubscribeRequest, SubscribeResponse>> stuck = new ArrayList<>();
    try (Stranger other = new Stranger(server.port, builder -> builder.flowControlWindow(WINDOW))) {
      for (int i = 0; i < 3; i++) {
        stuck.add(subscribe(other, 1, -1));
      }
      assertThat(fanOut.size(SQUARE)).isEqualTo(4);

      publish(EVENTS);

      assertThat(offsets(honest, EVENTS)).isEqualTo(range(1, EVENTS));
      Eventually.until("the stuck ones are let go of", () -> fanOut.size(SQUARE) == 1);
      // They share a connection's window: none gets to its end before all go on reading.
      stuck.forEach(one -> one.call.request(Integer.MAX_VALUE));
      for (Talk<SubscribeRequest, SubscribeResponse> one : stuck) {
        Status end = one.ended.get(Stranger.SECONDS, TimeUnit.SECONDS);
        assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(end.getDescription()).contains("Subscribe again");
      }

      // What it had read tells where to go on.
      long read = stuck.getFirst().unread();
      assertThat(read).isBetween(1L, EVENTS - 1L);
      assertThat(offsets(subscribe(other, Integer.MAX_VALUE, read), (int) (EVENTS - read)))
          .isEqualTo(range(read + 1, EVENTS));
    }
    publish(1);
    assertThat(offsets(honest, 1)).containsExactly(EVENTS + 1L);
  }
}
