package dev.myelin.live.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every broker promises. What it takes in one process is not asked for here: receivers look
/// at the body, and at nothing that only a broker of the same process could hand over.
abstract class BrokerContract {
  static final ChannelId CORE = ChannelId.parse("default", "team:core");
  static final ChannelId OTHER = ChannelId.parse("default", "team:other");
  private static final int MANY = 2_000;
  private static final int LITTLE = 8;

  private Broker broker;

  /// Opens a broker in which so many messages may wait, told by one thread.
  protected abstract Broker open(int maxWaiting);

  @BeforeEach
  void openBroker() {
    broker = open(65_536);
  }

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  private void openAnew(int maxWaiting) {
    broker.close();
    broker = open(maxWaiting);
  }

  static Message message(ChannelId channel, long offset) {
    byte[] body = ("event " + offset).getBytes(StandardCharsets.UTF_8);
    long previous = Math.max(0, offset - 1);
    return new Message(channel, "chat.message", offset, previous, ManualClock.START, body, null);
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void tellsWhatWasPublished() {
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    broker.publish(message(CORE, 7));
    Message told = heard.await(1).messages().getFirst();
    assertThat(told.channel()).isEqualTo(CORE);
    assertThat(told.type()).isEqualTo("chat.message");
    assertThat(told.offset()).isEqualTo(7);
    assertThat(told.previous()).isEqualTo(6);
    assertThat(told.at()).isEqualTo(ManualClock.START);
    assertThat(told.body()).asString(StandardCharsets.UTF_8).isEqualTo("event 7");
    assertThat(told.isEphemeral()).isFalse();
  }

  @Test
  void keepsTheOrderOfEachChannel() throws InterruptedException {
    List<ChannelId> channels = new ArrayList<>();
    List<Heard> all = new ArrayList<>();
    List<Thread> publishers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ChannelId channel = ChannelId.parse("default", "conversation:" + i);
      Heard heard = Heard.all();
      channels.add(channel);
      all.add(heard);
      broker.subscribe(channel, heard);
    }
    for (ChannelId channel : channels) {
      publishers.add(
          Thread.startVirtualThread(
              () -> upTo(MANY).forEach(n -> broker.publish(message(channel, n)))));
    }
    for (Thread publisher : publishers) {
      publisher.join();
    }
    all.forEach(heard -> assertThat(heard.await(MANY).offsets()).isEqualTo(upTo(MANY)));
  }

  @Test
  void tellsNobodyOfOtherChannelsAndTenants() {
    Heard heard = Heard.all();
    Heard elsewhere = Heard.all();
    Heard abroad = Heard.all();
    broker.subscribe(CORE, heard);
    broker.subscribe(OTHER, elsewhere);
    broker.subscribe(ChannelId.parse("acme", "team:core"), abroad);
    broker.publish(message(CORE, 1));
    broker.publish(message(OTHER, 2));
    broker.publish(message(ChannelId.parse("acme", "team:core"), 3));
    assertThat(heard.await(1).offsets()).containsExactly(1L);
    assertThat(elsewhere.await(1).offsets()).containsExactly(2L);
    assertThat(abroad.await(1).offsets()).containsExactly(3L);
  }

  @Test
  void tellsOfAllChannelsOfATypeInOneTenantOrInAll() {
    Heard ofDefault = Heard.all();
    Heard ofAll = Heard.all();
    broker.subscribeAll(ChannelType.TEAM, "default", ofDefault);
    broker.subscribeAll(ChannelType.TEAM, null, ofAll);
    broker.publish(message(CORE, 1));
    broker.publish(message(OTHER, 1));
    broker.publish(message(ChannelId.parse("acme", "team:core"), 1));
    broker.publish(message(ChannelId.parse("default", "agent:core"), 1));
    broker.publish(message(CORE, 2));
    ofDefault.await(3);
    ofAll.await(4);
    assertThat(ofDefault.offsets("team:core")).containsExactly(1L, 2L);
    assertThat(ofDefault.offsets("team:other")).containsExactly(1L);
    assertThat(ofAll.offsets("acme/team:core")).containsExactly(1L);
    assertThat(ofDefault.messages()).hasSize(3);
    assertThat(ofAll.messages()).hasSize(4);
  }

  @Test
  void tellsEachSubscriptionOnceAndNothingAfterItsEnd() {
    Heard heard = Heard.all();
    Heard witness = Heard.all();
    Subscription first = broker.subscribe(CORE, heard);
    Subscription second = broker.subscribe(CORE, heard);
    broker.subscribe(CORE, witness);
    broker.publish(message(CORE, 1));
    assertThat(heard.await(2).offsets()).containsExactly(1L, 1L);
    first.close();
    first.close();
    broker.publish(message(CORE, 2));
    heard.await(3);
    second.close();
    broker.publish(message(CORE, 3));
    witness.await(3);
    assertThat(heard.offsets()).containsExactly(1L, 1L, 2L);
    assertThat(broker.stats().receivers()).isEqualTo(1);
  }

  @Test
  void aFailingReceiverHarmsNobody() {
    Heard before = Heard.all();
    Heard after = Heard.all();
    broker.subscribe(CORE, before);
    broker.subscribe(CORE, new Failing());
    broker.subscribe(CORE, after);
    upTo(3).forEach(n -> broker.publish(message(CORE, n)));
    assertThat(before.await(3).offsets()).isEqualTo(upTo(3));
    assertThat(after.await(3).offsets()).isEqualTo(upTo(3));
    assertThat(broker.stats().errors()).isEqualTo(3);
  }

  @Test
  void leavesOutWhatDoesNotFitAndSaysSo() {
    openAnew(LITTLE);
    Heard heard = Heard.heldUp();
    Heard everywhere = Heard.all();
    Heard elsewhere = Heard.all();
    broker.subscribe(CORE, heard);
    broker.subscribeAll(ChannelType.TEAM, "default", everywhere);
    broker.subscribe(OTHER, elsewhere);
    broker.publish(message(CORE, 1));
    heard.awaitHeldUp();
    LongStream.rangeClosed(2, 20).forEach(n -> broker.publish(message(CORE, n)));
    heard.goOn();
    Eventually.until("it was told", () -> heard.missedCount() > 0 && everywhere.missedCount() > 0);
    assertThat(heard.offsets()).isEqualTo(upTo(LITTLE + 1));
    assertThat(heard.missedCount()).isEqualTo(1);
    broker.publish(message(CORE, 21));
    broker.publish(message(OTHER, 1));
    elsewhere.await(1);
    assertThat(heard.await(LITTLE + 2).offsets()).endsWith(9L, 21L);
    assertThat(elsewhere.missedCount()).isZero();
    assertThat(broker.stats().leftOut()).isEqualTo(11);
    assertThat(broker.stats().waiting()).isZero();
  }

  @Test
  void tellsOfWhatWasMissedWhileTheLineStaysFull() {
    openAnew(LITTLE);
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    long number = 1;
    while (heard.missedCount() < 3) {
      broker.publish(message(CORE, number++));
    }
    long last = number;
    Eventually.until("the line is empty", () -> broker.stats().waiting() == 0);
    broker.publish(message(CORE, last));
    Eventually.until("the last came", () -> heard.offsets().contains(last));
    assertThat(heard.offsets()).isSorted().doesNotHaveDuplicates();
    assertThat(heard.messages()).hasSize((int) (last - broker.stats().leftOut()));
  }

  @Test
  void leavesOutWhatOnlyPassesByWithoutAWord() {
    openAnew(LITTLE);
    Heard heard = Heard.heldUp();
    broker.subscribe(CORE, heard);
    broker.publish(message(CORE, 0));
    heard.awaitHeldUp();
    for (int i = 0; i < 20; i++) {
      broker.publish(message(CORE, 0));
    }
    heard.goOn();
    heard.await(LITTLE + 1);
    broker.publish(message(CORE, 1));
    heard.await(LITTLE + 2);
    assertThat(heard.messages()).hasSize(LITTLE + 2);
    assertThat(heard.missedCount()).isZero();
    assertThat(broker.stats().leftOut()).isEqualTo(12);
  }

  @Test
  void countsWhatItDoes() {
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    broker.subscribeAll(ChannelType.TEAM, null, heard);
    upTo(3).forEach(n -> broker.publish(message(CORE, n)));
    broker.publish(message(ChannelId.parse("default", "system"), 1));
    heard.await(6);
    Eventually.until("all is counted", () -> broker.stats().delivered() == 6);
    assertThat(broker.stats()).isEqualTo(new BrokerStats(4, 6, 0, 0, 0, 2));
  }

  @Test
  void tellsNothingOnceItIsClosed() {
    Heard heard = Heard.all();
    broker.subscribe(CORE, heard);
    broker.publish(message(CORE, 1));
    heard.await(1);
    broker.close();
    broker.publish(message(CORE, 2));
    assertThat(broker.stats().waiting()).isZero();
    assertThat(heard.offsets()).containsExactly(1L);
  }

  /// A receiver that can do nothing.
  private static final class Failing implements Receiver {
    @Override
    public void receive(Message message) {
      throw new IllegalStateException("a test's failing receiver");
    }

    @Override
    public void missed() {
      throw new IllegalStateException("a test's failing receiver");
    }
  }
}
