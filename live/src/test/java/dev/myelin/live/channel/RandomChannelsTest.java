package dev.myelin.live.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.live.broker.Heard;
import dev.myelin.model.ChannelId;
import dev.myelin.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/// Many publish at once, some of it twice, with restarts between: offsets stay dense, each command
/// is carried out once, who listens hears all in order.
final class RandomChannelsTest extends ChannelFixture {
  private static final int ROUNDS = 3;
  private static final int PUBLISHERS = 4;
  private static final int EACH = 150;
  private static final int COMMANDS = 400;
  private static final int CHANNELS = 3;
  private static final ChannelConfig LONG =
      new ChannelConfig(100_000, Duration.ofDays(1), Duration.ofDays(1), 1_000, Duration.ofDays(1));

  private final Queue<Done> done = new ConcurrentLinkedQueue<>();

  /// A command and what it led to.
  private record Done(ChannelId channel, int command, Published published) {}

  private static ChannelId channel(int command) {
    return ChannelId.parse("default", "conversation:" + command % CHANNELS);
  }

  private void publishSome(Random random) {
    for (int i = 0; i < EACH; i++) {
      int command = random.nextInt(COMMANDS);
      NewEvent event = command("ann", "c-" + command, "says " + command);
      done.add(new Done(channel(command), command, publish(channel(command), event)));
    }
  }

  @Test
  void keepsEachCommandOnceInOneOrder() throws InterruptedException {
    Random random = Seed.of("RandomChannelsTest").random();
    Map<ChannelId, List<Long>> heard = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      reopen(LONG);
      Map<ChannelId, Heard> listeners = new HashMap<>();
      for (int i = 0; i < CHANNELS; i++) {
        Heard listener = Heard.all();
        listeners.put(channel(i), listener);
        broker.subscribe(channel(i), listener);
      }
      List<Thread> publishers = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        Random own = new Random(random.nextLong());
        publishers.add(Thread.startVirtualThread(() -> publishSome(own)));
      }
      for (Thread publisher : publishers) {
        publisher.join();
      }
      listeners.forEach((channel, listener) -> {
        List<Long> all = heard.computeIfAbsent(channel, _ -> new ArrayList<>());
        int more = (int) channels.end(channel).offset() - all.size();
        all.addAll(listener.await(more).offsets());
      });
    }
    assertThat(done).hasSize(ROUNDS * PUBLISHERS * EACH);
    for (int i = 0; i < CHANNELS; i++) {
      ChannelId channel = channel(i);
      long end = channels.end(channel).offset();
      assertThat(offsets(channel)).isEqualTo(range(1, end));
      assertThat(heard.get(channel)).isEqualTo(range(1, end));
    }
    checkCommands();
  }

  private List<Long> offsets(ChannelId channel) {
    return events(channel).stream().map(ChannelEvent::offset).toList();
  }

  private List<ChannelEvent> events(ChannelId channel) {
    List<ChannelEvent> events = new ArrayList<>();
    ChannelPage page;
    long after = 0;
    do {
      page = channels.read(channel, after, 17);
      events.addAll(page.events());
      after = page.next();
    } while (page.more());
    return events;
  }

  private void checkCommands() {
    Map<Integer, Published> first = new HashMap<>();
    Set<Integer> carriedOut = new HashSet<>();
    for (Done one : done) {
      Published known = first.putIfAbsent(one.command, one.published);
      assertThat(one.published.eventId())
          .isEqualTo(known == null ? one.published.eventId() : known.eventId());
      if (!one.published.duplicate()) {
        assertThat(carriedOut.add(one.command)).isTrue();
      }
    }
    assertThat(carriedOut).isEqualTo(first.keySet());
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < CHANNELS; i++) {
      events(channel(i)).forEach(event -> assertThat(ids.add(event.id())).isTrue());
    }
    assertThat(ids).hasSize(carriedOut.size());
  }
}
