package dev.myelin.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.client.transport.Link;
import dev.myelin.client.transport.Loop;
import dev.myelin.client.wire.ProtobufCodec;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.StreamInitAck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A courier on a clock that is moved by hand and a connection that fails when it is told to.
class CourierTest {
  private final ManualLoop loop = new ManualLoop();
  private final List<BreakableLink> links = new ArrayList<>();
  private final Courier courier =
      new Courier(
          new Courier.Equipment(
              loop,
              new ProtobufCodec(),
              listener -> listener.connected(link(listener)),
              new Backoff(RetryPolicy.DEFAULT, new Random(1)),
              () -> {}),
          ClientOptions.DEFAULT,
          StreamOptions.in("notes").withMaxInFlight(100));

  private BreakableLink link(Link.Listener listener) {
    links.add(new BreakableLink(listener));
    return links.getLast();
  }

  private static Pending pending(int number) {
    return new Pending(Observation.of("o" + number), "o" + number, Priority.NORMAL);
  }

  private List<Pending> open(int observations) {
    courier.start();
    links.getFirst().open(0);
    List<Pending> all = new ArrayList<>();
    for (int i = 1; i <= observations; i++) {
      all.add(pending(i));
      courier.add(all.getLast());
    }
    return all;
  }

  @Test
  void whatIsWrittenWhileTheConnectionBreaksGoesOutAgainOnTheNext() {
    List<Pending> all = open(10);
    links.getFirst().breaksWhenFull = true;

    courier.pump();
    loop.advance(Duration.ofSeconds(1));
    links.getLast().open(0);

    assertThat(links).hasSize(2);
    assertThat(links.getLast().sequences())
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    for (int i = 1; i <= 10; i++) {
      links.getLast().accept(i);
    }
    assertThat(all).allMatch(Pending::isDone);
  }

  @Test
  void anObservationKeepsItsNumberIfTheConnectionBreaksWhileItIsWritten() {
    List<Pending> all = open(10);
    links.getFirst().breaksInTheMiddle = true;

    courier.pump();
    loop.advance(Duration.ofSeconds(1));
    links.getLast().open(0);
    for (int i = 1; i <= 10; i++) {
      links.getLast().accept(i);
    }

    assertThat(all).extracting(pending -> pending.join().sequence()).isSorted().hasSize(10);
  }

  @Test
  void silenceBeyondTheWatchdogMakesANewConnection() {
    open(0);
    loop.advance(Duration.ofSeconds(25));
    assertThat(links.getFirst().pings).isPositive();
    assertThat(links.getFirst().closed).isFalse();

    loop.advance(Duration.ofSeconds(30));

    assertThat(links.getFirst().closed).isTrue();
    assertThat(links).hasSizeGreaterThan(1);
  }

  @Test
  void aSignOfLifeKeepsTheConnection() {
    open(0);
    links.getFirst().answersPings = true;

    loop.advance(Duration.ofMinutes(10));

    assertThat(links).hasSize(1);
  }

  @Test
  void aStreamWithoutAConnectionForTooLongFailsWhatItHolds() {
    List<Pending> all = open(1);
    courier.pump();
    for (int i = 0; i < 100 && !all.getFirst().isDone(); i++) {
      links.getLast().fail();
      loop.advance(Duration.ofSeconds(15));
    }

    assertThat(all.getFirst().exceptionNow()).isInstanceOf(MyelinException.class);
    assertThat(courier.finished()).isCompletedExceptionally();
  }

  private static final class BreakableLink implements Link {
    private final Listener listener;
    private final List<ObservationRequest> written = new ArrayList<>();
    private boolean breaksWhenFull;
    private boolean breaksInTheMiddle;
    private boolean answersPings;
    private boolean closed;
    private int pings;

    BreakableLink(Listener listener) {
      this.listener = listener;
    }

    void open(long settled) {
      reply(
          ObservationResponse.newBuilder()
              .setInitAck(
                  StreamInitAck.newBuilder().setSessionId("s").setInitialSequence(settled)));
    }

    void accept(long sequence) {
      reply(
          ObservationResponse.newBuilder()
              .setSequenceNumber(sequence)
              .setAck(
                  ObservationAck.newBuilder()
                      .setStatus(ObservationAck.Status.STATUS_ACCEPTED)
                      .setMemoryId("o" + sequence)));
    }

    private void reply(ObservationResponse.Builder reply) {
      listener.received(reply.build().toByteString().asReadOnlyByteBuffer());
    }

    void fail() {
      listener.disconnected(MyelinException.unavailable("broken", null));
    }

    List<Long> sequences() {
      return written.stream()
          .filter(ObservationRequest::hasObservation)
          .map(ObservationRequest::getSequenceNumber)
          .toList();
    }

    @Override
    public ByteBuf begin(int sizeHint) {
      if (breaksInTheMiddle && sequences().size() == 3) {
        breaksInTheMiddle = false;
        fail();
      }
      return Unpooled.buffer(sizeHint);
    }

    @Override
    public void end(ByteBuf frame) {
      try {
        written.add(ObservationRequest.parseFrom(ByteBufUtil.getBytes(frame)));
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void discard(ByteBuf frame) {}

    /// As a socket does, tells of a broken connection before the flush returns.
    @Override
    public void flush() {
      if (breaksWhenFull && sequences().size() >= 3) {
        breaksWhenFull = false;
        fail();
      }
    }

    @Override
    public boolean isFull() {
      return breaksWhenFull && sequences().size() >= 3;
    }

    @Override
    public void ping() {
      pings++;
      if (answersPings) {
        listener.alive();
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class ManualLoop implements Loop {
    private record Task(long at, Runnable work) {}

    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final List<Task> later = new ArrayList<>();
    private long now = 1;

    @Override
    public void execute(Runnable task) {
      ready.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      Task planned = new Task(now + delay.toNanos(), task);
      later.add(planned);
      return () -> later.remove(planned);
    }

    @Override
    public long nanoTime() {
      return now;
    }

    void advance(Duration by) {
      long end = now + by.toNanos();
      while (now < end) {
        now = Math.min(end, now + Duration.ofMillis(100).toNanos());
        for (Task task : List.copyOf(later)) {
          if (task.at() <= now && later.remove(task)) {
            task.work().run();
          }
        }
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
          task.run();
        }
      }
    }
  }
}
