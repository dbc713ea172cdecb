package dev.myelin.live.broker;

import dev.myelin.live.broker.Audience.Listening;
import dev.myelin.live.broker.Omissions.Omitted;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages that wait, and the one thread that tells them in order.
///
/// **When it is full.** A message that does not fit is left out. Whoever listened is told so about
/// when it would have been its turn: at once would be told again and again while the line stays
/// full, and when the line is empty may be never.
final class Line implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Line.class);

  private final BlockingQueue<Message> waiting;
  private final Audience audience;
  private final Omissions omissions = new Omissions();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder leftOut = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final Thread thread;
  private volatile boolean closed;

  Line(String name, int maxWaiting, Audience audience) {
    this.audience = audience;
    waiting = new ArrayBlockingQueue<>(maxWaiting);
    thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  void add(Message message) {
    if (!waiting.offer(message)) {
      leaveOut(message);
    }
  }

  private void leaveOut(Message message) {
    if (message.isEphemeral()) {
      leftOut.increment();
      return;
    }
    omissions.add(message.channel());
    // If there is room now, the thread may have seen the end of the line before it could see the
    // omission: this wakes it.
    if (!waiting.offer(message)) {
      leftOut.increment();
    }
  }

  private void run() {
    int ahead = -1; // of an omission; less than zero if there is none
    while (!closed) {
      try {
        tell(waiting.take());
      } catch (InterruptedException _) {
        return; // only closing interrupts
      }
      if (ahead > 0) {
        ahead--;
      } else if (ahead < 0 && omissions.any()) {
        ahead = waiting.size();
      }
      if (ahead == 0) {
        ahead = -1;
        tellMissed();
      }
    }
  }

  private void tell(Message message) {
    audience.forEach(
        message.channel(),
        listening -> attempt(listening, receiver -> receiver.receive(message), delivered));
  }

  private void tellMissed() {
    Omitted omitted = omissions.take();
    Set<Listening> affected =
        omitted.everywhere() ? audience.all() : audience.of(omitted.channels());
    affected.forEach(listening -> attempt(listening, Receiver::missed, new LongAdder()));
  }

  private void attempt(Listening listening, Consumer<Receiver> telling, LongAdder told) {
    if (listening.hasEnded() || closed) {
      return;
    }
    try {
      telling.accept(listening.receiver());
      told.increment();
    } catch (RuntimeException | Error e) {
      errors.increment();
      LOG.atError().setCause(e).log("A receiver of the broker failed");
    }
  }

  long delivered() {
    return delivered.sum();
  }

  long leftOut() {
    return leftOut.sum();
  }

  long errors() {
    return errors.sum();
  }

  int waiting() {
    return waiting.size();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    waiting.clear();
  }
}
