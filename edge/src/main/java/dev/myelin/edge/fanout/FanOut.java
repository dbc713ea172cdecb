package dev.myelin.edge.fanout;

import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.Receiver;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.ChannelId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/// The rooms of all channels that somebody hears. Any thread, but for [#join].
public final class FanOut {
  private final BiFunction<ChannelId, Receiver, Subscription> source;
  private final Map<Executor, LoopMailbox> mailboxes = new ConcurrentHashMap<>();
  private final Map<ChannelId, Room> rooms = new ConcurrentHashMap<>();

  /// Fans out what a broker tells.
  public FanOut(Broker broker) {
    this(broker::subscribe);
  }

  /// Fans out what comes from somewhere else.
  ///
  /// @param source begins to tell of a channel; must not block
  public FanOut(BiFunction<ChannelId, Receiver, Subscription> source) {
    this.source = source;
  }

  /// Takes a seat: it is told of all that the channel's broker tells from now on. To be called on
  /// the seat's event loop.
  ///
  /// @param loop runs tasks one after the other, in order; the same object for all of its seats
  public void join(ChannelId channel, Seat seat, Executor loop) {
    if (seat.isSeated()) {
      throw new IllegalStateException("seat: taken (expected: one that is free)");
    }
    LoopMailbox mailbox = mailboxes.computeIfAbsent(loop, LoopMailbox::new);
    rooms.compute(
        channel,
        (id, known) -> {
          Room room = known == null ? new Room(id, this) : known;
          room.add(mailbox, seat);
          seat.room = room;
          seat.mailbox = mailbox;
          if (room.subscription == null) {
            room.subscription = source.apply(id, room);
          }
          return room;
        });
  }

  /// Closes a room that nobody sits in.
  void left(Room room) {
    rooms.computeIfPresent(
        room.channel(),
        (_, known) -> {
          if (known != room || room.size() > 0) {
            return known;
          }
          Subscription subscription = room.subscription;
          if (subscription != null) {
            subscription.close();
          }
          return null;
        });
  }

  /// How many hear a channel.
  public int size(ChannelId channel) {
    Room room = rooms.get(channel);
    return room == null ? 0 : room.size();
  }

  /// Rooms in which somebody sits.
  public Map<ChannelId, Room> rooms() {
    return Map.copyOf(rooms);
  }
}
