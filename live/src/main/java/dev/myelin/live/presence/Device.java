package dev.myelin.live.presence;

import dev.myelin.live.timer.Timeout;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One session of a user, with the channels it is on. The presence's lock guards it, but for the
/// time of its last input.
final class Device {
  final String id;
  final Member member;
  final Map<Room, Meta> metas = new HashMap<>(4);
  volatile Instant lastInput;
  volatile boolean idle;
  boolean visible = true;

  /// Runs while its connection is gone.
  @Nullable Timeout leaving;

  @Nullable Timeout idling;

  Device(String id, Member member, Instant now) {
    this.id = id;
    this.member = member;
    lastInput = now;
  }

  /// What is told of a device on one channel.
  static final class Meta {
    final Device device;
    final Instant joined;

    /// What the user set; null: as it follows from his input.
    @Nullable Status set;

    /// JSON, as the client gave it.
    @Nullable String activity;

    Meta(Device device, Instant joined) {
      this.device = device;
      this.joined = joined;
    }

    Status status() {
      if (set == Status.BUSY || set == Status.AWAY) {
        return set;
      }
      return device.idle || !device.visible ? Status.AWAY : Status.ACTIVE;
    }
  }

  void callOff() {
    if (leaving != null) {
      leaving.cancel();
      leaving = null;
    }
    if (idling != null) {
      idling.cancel();
      idling = null;
    }
  }
}
