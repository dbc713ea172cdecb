package dev.myelin.live.presence;

import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A user as others see him on one channel.
///
/// @param activity JSON, as the client gave it
/// @param devices how many of his are there
/// @param joined when the first of them came
/// @param lastActive when he last did something
record UserView(
    Member member,
    Status status,
    @Nullable String activity,
    int devices,
    Instant joined,
    Instant lastActive) {

  /// One view of all devices of a user: the best status counts, and the activity that goes with it.
  ///
  /// @param metas not empty, in the order in which they came
  static UserView of(Collection<Device.Meta> metas) {
    Device.Meta best = null;
    Instant joined = Instant.MAX;
    Instant lastActive = Instant.MIN;
    for (Device.Meta meta : metas) {
      if (best == null || isBetter(meta, best)) {
        best = meta;
      }
      joined = meta.joined.isBefore(joined) ? meta.joined : joined;
      Instant input = meta.device.lastInput;
      lastActive = input.isAfter(lastActive) ? input : lastActive;
    }
    if (best == null) {
      throw new IllegalArgumentException("metas: none (expected: one or more)");
    }
    return new UserView(
        best.device.member, best.status(), best.activity, metas.size(), joined, lastActive);
  }

  private static boolean isBetter(Device.Meta meta, Device.Meta than) {
    int better = meta.status().compareTo(than.status());
    return better > 0 || (better == 0 && (meta.activity != null || than.activity == null));
  }

  /// Whether there is nothing new to tell: that somebody did something is not news by itself.
  boolean looksLike(@Nullable UserView other) {
    return other != null
        && status == other.status
        && devices == other.devices
        && member.equals(other.member)
        && joined.equals(other.joined)
        && Objects.equals(activity, other.activity);
  }

  UserView gone() {
    return new UserView(member, Status.OFFLINE, null, 0, joined, lastActive);
  }
}
