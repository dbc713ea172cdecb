package dev.myelin.live.broker;

import dev.myelin.testkit.Eventually;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A receiver that remembers what it is told, and can be held up at its first message.
public final class Heard implements Receiver {
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger missed = new AtomicInteger();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch gate;

  private Heard(CountDownLatch gate) {
    this.gate = gate;
  }

  public static Heard all() {
    return new Heard(new CountDownLatch(0));
  }

  /// Stops at its first message until [#goOn()].
  static Heard heldUp() {
    return new Heard(new CountDownLatch(1));
  }

  @Override
  public void receive(Message message) {
    reached.countDown();
    await(gate);
    messages.add(message);
  }

  @Override
  public void missed() {
    missed.incrementAndGet();
  }

  void awaitHeldUp() {
    await(reached);
  }

  void goOn() {
    gate.countDown();
  }

  public List<Message> messages() {
    return messages;
  }

  public List<Long> offsets() {
    return messages.stream().map(Message::offset).toList();
  }

  List<Long> offsets(String channel) {
    return messages.stream()
        .filter(message -> message.channel().toString().equals(channel))
        .map(Message::offset)
        .toList();
  }

  public int missedCount() {
    return missed.get();
  }

  /// Waits until so many messages came.
  public Heard await(int count) {
    Eventually.until(count + " messages came", () -> messages.size() >= count);
    return this;
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the latch never opened");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
