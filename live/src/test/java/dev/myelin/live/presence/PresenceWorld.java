package dev.myelin.live.presence;

import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.BrokerStats;
import dev.myelin.live.broker.Message;
import dev.myelin.live.broker.Receiver;
import dev.myelin.live.broker.Subscription;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.timer.TimerWheel;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One channel's presence with a clock that a test moves, and everything that it told.
final class PresenceWorld {
  static final ChannelId TEAM = ChannelId.parse("acme", "team:core");
  private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");
  private static final Pattern KIND = Pattern.compile("\"kind\":\"(\\w+)\"");

  final ManualClock clock = new ManualClock();
  final TimerWheel wheel = TimerWheel.standing(clock);
  final List<String> told = new ArrayList<>();
  final Presence presence = new Presence(PresenceConfig.DEFAULT, new Ear(told), wheel, clock);

  void join(String device, String user) {
    join(device, user, user);
  }

  void join(String device, String user, String name) {
    presence.join(TEAM, device, new Member(user, name));
  }

  void leave(String device) {
    presence.leave(TEAM, device);
  }

  boolean set(String device, @Nullable String status, @Nullable String activity) {
    return presence.set(TEAM, device, status, activity);
  }

  String snapshot() {
    return new String(presence.snapshot(TEAM), StandardCharsets.UTF_8);
  }

  String status(String user) {
    Matcher found =
        Pattern.compile("\"id\":\"" + user + "\",\"name\":\"[^\"]*\",\"status\":\"(\\w+)\"")
            .matcher(snapshot());
    return found.find() ? found.group(1) : "offline";
  }

  /// Time passes in steps of the wheel's, as it does.
  void pass(Duration time) {
    long left = time.toMillis();
    while (left > 0) {
      long step = Math.min(left, TimerWheel.TICK.toMillis());
      clock.advance(Duration.ofMillis(step));
      wheel.turn();
      left -= step;
    }
  }

  String lastTold() {
    return told.getLast();
  }

  String lastKind() {
    Matcher kind = KIND.matcher(lastTold());
    return kind.find() ? kind.group(1) : "";
  }

  static long version(String payload) {
    Matcher version = VERSION.matcher(payload);
    if (!version.find()) {
      throw new AssertionError("no version in " + payload);
    }
    return Long.parseLong(version.group(1));
  }

  /// One of six users does something on one of his devices.
  void randomStep(Random random) {
    int user = random.nextInt(6);
    String device = "d" + user + "-" + random.nextInt(3);
    switch (random.nextInt(8)) {
      case 0, 1 -> join(device, "u" + user);
      case 2 -> leave(device);
      case 3 -> presence.dropped(device);
      case 4 -> presence.resumed(device);
      case 5 -> presence.visible(device, random.nextBoolean());
      case 6 -> presence.touch(device);
      default ->
          set(
              device,
              List.of("busy", "active", "away").get(random.nextInt(3)),
              "\"" + random.nextInt(3) + "\"");
    }
    pass(Duration.ofMillis(random.nextInt(300)));
  }

  /// Writes down what is published.
  private record Ear(List<String> told) implements Broker {
    @Override
    public void publish(Message message) {
      if (message.channel().equals(TEAM) && message.isEphemeral()) {
        told.add(new String(ChannelEvent.of(message).payload(), StandardCharsets.UTF_8));
      }
    }

    @Override
    public Subscription subscribe(ChannelId channel, Receiver receiver) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Subscription subscribeAll(ChannelType type, @Nullable String tenant, Receiver receiver) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BrokerStats stats() {
      return new BrokerStats(told.size(), 0, 0, 0, 0, 0);
    }

    @Override
    public void close() {}
  }
}
