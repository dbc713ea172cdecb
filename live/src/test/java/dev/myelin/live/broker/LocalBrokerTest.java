package dev.myelin.live.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ChannelId;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What one process can do besides.
final class LocalBrokerTest extends BrokerContract {

  @Override
  protected Broker open(int maxWaiting) {
    return LocalBroker.open(new BrokerConfig(maxWaiting, 1));
  }

  private static Message counted(AtomicInteger encodings) {
    return new Message(
        CORE,
        "chat.message",
        1,
        0,
        ManualClock.START,
        () -> new byte[] {(byte) encodings.incrementAndGet()},
        "an object");
  }

  @Test
  void handsTheObjectOverAndEncodesNothing() {
    AtomicInteger encodings = new AtomicInteger();
    Heard heard = Heard.all();
    try (Broker broker = open(16)) {
      broker.subscribe(CORE, heard);
      broker.publish(counted(encodings));
      Message told = heard.await(1).messages().getFirst();
      assertThat(told.local()).isEqualTo("an object");
      assertThat(encodings).hasValue(0);
      assertThat(told.body()).isSameAs(told.body()).containsExactly(1);
      assertThat(encodings).hasValue(1);
    }
  }

  @Test
  void putsNothingInLineForNobody() {
    try (Broker broker = open(2)) {
      for (int i = 1; i <= 10; i++) {
        broker.publish(message(CORE, i));
      }
      assertThat(broker.stats()).isEqualTo(new BrokerStats(10, 0, 0, 0, 0, 0));
    }
  }

  @Test
  void tellsChannelsSideBySide() {
    try (Broker broker = LocalBroker.open(new BrokerConfig(64, 4))) {
      // A channel whose receiver is held up does not hold up those of other lines.
      Heard held = Heard.heldUp();
      broker.subscribe(CORE, held);
      broker.publish(message(CORE, 1));
      held.awaitHeldUp();
      List<Heard> others = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        ChannelId channel = ChannelId.parse("tenant-" + i, "agent:1");
        Heard heard = Heard.all();
        others.add(heard);
        broker.subscribe(channel, heard);
        broker.publish(message(channel, 1));
      }
      Eventually.until(
          "some were told", () -> others.stream().anyMatch(heard -> !heard.messages().isEmpty()));
      held.goOn();
      others.forEach(heard -> heard.await(1));
    }
  }

  @Test
  void tellsEverybodyWhereTooManyChannelsAreConcerned() {
    int channels = 1_100; // more than are named one by one
    Heard blocked = Heard.heldUp();
    List<Heard> all = new ArrayList<>();
    try (Broker broker = open(1)) {
      broker.subscribe(CORE, blocked);
      broker.publish(message(CORE, 1));
      blocked.awaitHeldUp();
      broker.publish(message(CORE, 2));
      for (int i = 0; i < channels; i++) {
        ChannelId channel = ChannelId.parse("default", "conversation:" + i);
        Heard heard = Heard.all();
        all.add(heard);
        broker.subscribe(channel, heard);
        broker.publish(message(channel, 1));
      }
      blocked.goOn();
      Eventually.until(
          "all were told", () -> all.stream().allMatch(heard -> heard.missedCount() > 0));
    }
  }

  @Test
  void endsItsThreads() {
    Broker broker = LocalBroker.open(new BrokerConfig(8, 1));
    Heard heard = Heard.all();
    List<Thread> threads = new ArrayList<>();
    broker.subscribe(
        CORE,
        new Receiver() {
          @Override
          public void receive(Message message) {
            threads.add(Thread.currentThread());
            heard.receive(message);
          }

          @Override
          public void missed() {
            heard.missed();
          }
        });
    broker.publish(message(CORE, 1));
    heard.await(1);
    broker.close();
    Eventually.until("the thread ended", () -> !threads.getFirst().isAlive());
  }

  @Test
  void refusesImpossibleBounds() {
    assertThatThrownBy(() -> new BrokerConfig(1, 0)).hasMessageContaining("gateway.broker-threads");
    assertThatThrownBy(() -> new BrokerConfig(3, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThat(BrokerConfig.DEFAULT.threads()).isBetween(1, 4);
  }
}
