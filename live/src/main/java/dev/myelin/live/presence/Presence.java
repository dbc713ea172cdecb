package dev.myelin.live.presence;

import dev.myelin.live.broker.Broker;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.timer.TimerWheel;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.EventIds;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who is on which channel. A member is a user; each of his devices, which are sessions, counts.
///
/// **Damped.** Somebody whose connection was lost is still there for 15 s, and if he comes back by
/// then nobody notices. Somebody who leaves is gone at once. What changes on a channel is told at
/// most once per second, as the net difference; above 200 users, only how many they are.
///
/// **Versions.** Each telling has the version after the one before: who takes a snapshot and
/// applies every later diff in turn has the roster, and who sees a gap asks for a snapshot.
/// Versions of a channel never go back, also when everybody had left in between.
///
/// Who does nothing for five minutes, or whose windows are all hidden, is away; busy is what he
/// said himself. Of several devices the best counts: busy, then active, then away.
///
/// **Bounds.** By the sessions there are and the channels that each may be on; a channel without
/// members takes no room.
///
/// **Threads.** Any; one lock, held while a few users are looked at. What is told goes to the
/// broker from the timer's thread, without the lock.
public final class Presence {
  /// The event by which it is told.
  public static final String EVENT = "channel.presence";

  private static final int MAX_ACTIVITY = 2_000;

  private final PresenceConfig config;
  private final Broker broker;
  private final TimerWheel timer;
  private final InstantSource clock;
  private final Map<String, Device> devices = new ConcurrentHashMap<>();
  private final Map<ChannelId, Room> rooms = new HashMap<>();

  /// More than every version of rooms that are no more.
  private long lastVersion;

  public Presence(PresenceConfig config, Broker broker, TimerWheel timer, InstantSource clock) {
    this.config = config;
    this.broker = broker;
    this.timer = timer;
    this.clock = clock;
  }

  // -- coming and going ------------------------------------------------------------------------

  /// Takes a device in; nothing happens if it is there.
  ///
  /// @param device the session's id: it is told nobody
  public synchronized void join(ChannelId channel, String device, Member member) {
    Instant now = clock.instant();
    Device known = devices.get(device);
    if (known == null) {
      known = new Device(device, member, now);
      devices.put(device, known);
      watch(known, config.idleAfter());
    }
    stay(known);
    Room room = rooms.computeIfAbsent(channel, this::open);
    if (!known.metas.containsKey(room)) {
      Device.Meta meta = new Device.Meta(known, now);
      known.metas.put(room, meta);
      room.add(meta);
      tellLater(room);
    }
  }

  /// Takes a device out at once.
  public synchronized void leave(ChannelId channel, String device) {
    Device known = devices.get(device);
    Room room = rooms.get(channel);
    if (known != null && room != null && known.metas.containsKey(room)) {
      leave(known, room);
      if (known.metas.isEmpty()) {
        forget(known);
      }
    }
  }

  /// Takes a device out of all its channels at once, because it said goodbye.
  public synchronized void leaveAll(String device) {
    Device known = devices.get(device);
    if (known != null) {
      leaveAll(known);
    }
  }

  /// A device's connection was lost: it leaves if it does not come back in time.
  public synchronized void dropped(String device) {
    Device known = devices.get(device);
    if (known != null && known.leaving == null) {
      Object[] me = new Object[1];
      known.leaving = timer.schedule(config.leaveDelay(), () -> leaveIfStill(known, me));
      me[0] = known.leaving;
    }
  }

  /// A device that was lost is back.
  ///
  /// @return whether it is still on its channels; if not, it is to join them again
  public synchronized boolean resumed(String device) {
    Device known = devices.get(device);
    if (known == null) {
      return false;
    }
    stay(known);
    return true;
  }

  private static void stay(Device device) {
    if (device.leaving != null) {
      device.leaving.cancel();
      device.leaving = null;
    }
  }

  /// @param me the timeout that this is: a later one may run in its place
  private synchronized void leaveIfStill(Device device, Object[] me) {
    if (device.leaving != null && device.leaving.equals(me[0])) {
      leaveAll(device);
    }
  }

  private void leaveAll(Device device) {
    for (Room room : new ArrayList<>(device.metas.keySet())) {
      leave(device, room);
    }
    forget(device);
  }

  private void leave(Device device, Room room) {
    room.remove(device);
    device.metas.remove(room);
    tellLater(room);
  }

  private void forget(Device device) {
    device.callOff();
    devices.remove(device.id);
  }

  // -- what they are up to ---------------------------------------------------------------------

  /// The user did something on this device. Costs next to nothing unless he was away.
  public void touch(String device) {
    Device known = devices.get(device);
    if (known != null) {
      known.lastInput = clock.instant();
      if (known.idle) {
        wake(known);
      }
    }
  }

  private synchronized void wake(Device device) {
    if (device.idle && isHere(device)) {
      change(device, known -> known.idle = false);
      watch(device, config.idleAfter());
    }
  }

  /// Whether the user can see the device's window.
  public synchronized void visible(String device, boolean visible) {
    Device known = devices.get(device);
    if (known != null && known.visible != visible) {
      change(known, changed -> changed.visible = visible);
    }
  }

  /// Says what the user is up to on a channel; what is null stays as it was.
  ///
  /// @param status `active` (as it follows from what he does), `away` or `busy`
  /// @param activity a JSON value
  /// @return whether the device is on that channel
  /// @throws ServiceException INVALID_REQUEST if there is no such status, or the activity is too
  ///   long
  public synchronized boolean set(
      ChannelId channel, String device, @Nullable String status, @Nullable String activity) {
    Status wanted = status == null ? null : Status.parse(status);
    if (activity != null && activity.length() > MAX_ACTIVITY) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid activity: "
              + activity.length()
              + " characters of JSON (expected: at most "
              + MAX_ACTIVITY
              + ").");
    }
    Device known = devices.get(device);
    Room room = rooms.get(channel);
    Device.Meta meta = known == null || room == null ? null : known.metas.get(room);
    if (known == null || room == null || meta == null) {
      return false;
    }
    room.note(known);
    meta.set = wanted == null ? meta.set : wanted;
    meta.activity = activity == null ? meta.activity : activity;
    tellLater(room);
    return true;
  }

  private void change(Device device, Consumer<Device> change) {
    device.metas.keySet().forEach(room -> room.note(device));
    change.accept(device);
    device.metas.keySet().forEach(this::tellLater);
  }

  private void watch(Device device, Duration wait) {
    device.idling = timer.schedule(wait, () -> idleIfStill(device));
  }

  private synchronized void idleIfStill(Device device) {
    if (!isHere(device) || device.idle) {
      return;
    }
    Duration idle = Duration.between(device.lastInput, clock.instant());
    if (idle.compareTo(config.idleAfter()) < 0) {
      watch(device, config.idleAfter().minus(idle));
    } else {
      change(device, known -> known.idle = true);
    }
  }

  private boolean isHere(Device device) {
    return device.equals(devices.get(device.id));
  }

  // -- telling ---------------------------------------------------------------------------------

  /// The payload of `channel.presence` for one who asks: `kind` is `snapshot`, or `count` where
  /// there are too many. Later diffs go with it.
  public synchronized byte[] snapshot(ChannelId channel) {
    Room room = rooms.get(channel);
    return room == null ? open(channel).snapshot() : room.snapshot();
  }

  /// The payload of `channel.presence` of kind `count`.
  public synchronized byte[] count(ChannelId channel) {
    Room room = rooms.get(channel);
    return room == null ? open(channel).count() : room.count();
  }

  /// Versions begin with the time in seconds: at one diff per second, later ones are never lower.
  private Room open(ChannelId channel) {
    lastVersion = Math.max(lastVersion, clock.instant().getEpochSecond());
    return new Room(channel, config, lastVersion);
  }

  private void tellLater(Room room) {
    if (!room.waits) {
      room.waits = true;
      timer.schedule(config.diffInterval(), () -> tell(room));
    }
  }

  private void tell(Room room) {
    byte[] news;
    synchronized (this) {
      news = room.news();
      if (room.isEmpty() && rooms.remove(room.channel, room)) {
        lastVersion = Math.max(lastVersion, room.version());
      }
    }
    if (news != null) {
      Instant now = clock.instant();
      String id = EventIds.next(now.toEpochMilli());
      broker.publish(
          new ChannelEvent(room.channel, id, EVENT, 0, 0, now, null, null, news).message());
    }
  }

  /// How many channels have somebody on them.
  public synchronized int channels() {
    return rooms.size();
  }

  /// How many devices are on a channel, those that were lost and may come back among them.
  public int devices() {
    return devices.size();
  }
}
