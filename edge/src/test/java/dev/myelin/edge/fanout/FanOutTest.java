package dev.myelin.edge.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.live.broker.Message;
import dev.myelin.live.broker.Receiver;
import dev.myelin.model.ChannelId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FanOutTest {
  private static final ChannelId CORE = ChannelId.parse("acme", "team:core");

  private final Loop loop = new Loop();
  private @Nullable Receiver heard;
  private int subscriptions;
  private final FanOut fanOut =
      new FanOut((_, receiver) -> {
        heard = receiver;
        subscriptions++;
        return () -> subscriptions--;
      });

  /// Tasks wait until the test lets them run.
  private static final class Loop implements Executor {
    final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    int runAll() {
      int count = 0;
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
        count++;
      }
      return count;
    }
  }

  private static class Listener extends Seat implements Flushable {
    final List<String> log = new ArrayList<>();
    private boolean dirty;

    @Override
    protected void hear(EncodedEvent event) {
      log.add(event.message().type());
      if (!dirty) {
        dirty = true;
        flushLater(this);
      }
    }

    @Override
    protected void missed() {
      log.add("missed");
    }

    @Override
    protected void ended() {
      log.add("ended");
      leave();
    }

    @Override
    public void flush() {
      dirty = false;
      log.add("flush");
    }
  }

  private static Message message(String type, long offset) {
    byte[] body = type.getBytes(StandardCharsets.UTF_8);
    return new Message(CORE, type, offset, offset - 1, Instant.EPOCH, body, null);
  }

  private Receiver receiver() {
    Receiver receiver = heard;
    if (receiver == null) {
      throw new AssertionError("nobody subscribed");
    }
    return receiver;
  }

  @Test
  void tellsEachSeatOnItsLoopInOneTaskAndFlushesOnce() {
    Listener one = new Listener();
    Listener two = new Listener();
    fanOut.join(CORE, one, loop);
    fanOut.join(CORE, two, loop);
    receiver().receive(message("a.a", 1));
    receiver().receive(message("a.b", 2));
    assertThat(one.log).isEmpty();
    assertThat(loop.runAll()).isEqualTo(1);
    assertThat(one.log).containsExactly("a.a", "a.b", "flush");
    assertThat(two.log).containsExactly("a.a", "a.b", "flush");
  }

  @Test
  void listensOnlyWhileSomebodySits() {
    Listener one = new Listener();
    Listener two = new Listener();
    fanOut.join(CORE, one, loop);
    fanOut.join(CORE, two, loop);
    assertThat(subscriptions).isEqualTo(1);
    assertThat(fanOut.size(CORE)).isEqualTo(2);
    one.leave();
    one.leave();
    assertThat(subscriptions).isEqualTo(1);
    two.leave();
    assertThat(subscriptions).isZero();
    assertThat(fanOut.rooms()).isEmpty();
  }

  @Test
  void tellsAllOthersWhenSomeLeaveOnHearing() {
    List<Listener> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      boolean leaves = i % 3 == 0;
      Listener listener =
          new Listener() {
            @Override
            protected void hear(EncodedEvent event) {
              super.hear(event);
              if (leaves) {
                leave();
              }
            }
          };
      all.add(listener);
      fanOut.join(CORE, listener, loop);
    }
    receiver().receive(message("a.a", 1));
    loop.runAll();
    receiver().receive(message("a.b", 2));
    loop.runAll();
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).log.stream().filter(word -> word.startsWith("a.")))
          .as("listener %s", i)
          .hasSize(i % 3 == 0 ? 1 : 2);
    }
    assertThat(fanOut.size(CORE)).isEqualTo(6);
  }

  @Test
  void keepsNoMoreThanABoundAndSaysWhatWasMissed() {
    Listener one = new Listener();
    fanOut.join(CORE, one, loop);
    for (int i = 1; i <= 10_000; i++) {
      receiver().receive(message("a.a", i));
    }
    loop.runAll();
    assertThat(one.log).contains("missed");
    assertThat(one.log.stream().filter("a.a"::equals).count()).isEqualTo(4_096);
  }

  @Test
  void encodesOncePerForm() {
    AtomicInteger times = new AtomicInteger();
    WireForm form =
        message -> {
          times.incrementAndGet();
          return message.body();
        };
    EncodedEvent event = new EncodedEvent(message("a.a", 1));
    assertThat(event.bytes(form)).isSameAs(event.bytes(form));
    assertThat(event.bytes(Message::body)).isEqualTo(event.bytes(form));
    assertThat(times).hasValue(1);
  }

  @Test
  void saysThatAChannelEndedBehindItsLastEvent() {
    Listener one = new Listener();
    fanOut.join(CORE, one, loop);
    receiver().receive(message("a.a", 1));
    Objects.requireNonNull(fanOut.rooms().get(CORE)).end();
    loop.runAll();
    assertThat(one.log).containsExactly("a.a", "ended", "flush");
    assertThat(subscriptions).isZero();
  }
}
