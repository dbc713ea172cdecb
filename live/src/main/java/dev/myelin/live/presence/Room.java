package dev.myelin.live.presence;

import dev.myelin.model.ChannelId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is on one channel, and what of it was not told yet. The presence's lock guards it.
///
/// What a user looked like is kept when he changes for the first time after a diff; the next diff
/// compares that with what he looks like then, so that what cancels out is not in it.
final class Room {
  final ChannelId channel;
  private final PresenceConfig config;
  private final Map<String, Map<Device, Device.Meta>> users = new LinkedHashMap<>();
  private final Map<String, Before> changed = new LinkedHashMap<>();

  /// Users who changed and were seen so in a snapshot: their next change must be told, even if they
  /// look again as they did.
  private final Map<String, Before> seen = new HashMap<>();

  private int connections;
  private long version;
  private boolean counted;
  private int toldUsers;
  private int toldConnections;

  /// Whether a diff is due.
  boolean waits;

  /// What a user looked like; null: he was not there.
  private record Before(@Nullable UserView view) {
    /// The one of two that somebody may still have on his roster.
    Before orElse(Before later) {
      return later.view == null ? this : later;
    }
  }

  /// @param version what the first snapshot has; more than any that was told of this channel before
  Room(ChannelId channel, PresenceConfig config, long version) {
    this.channel = channel;
    this.config = config;
    this.version = version;
  }

  long version() {
    return version;
  }

  boolean isEmpty() {
    return users.isEmpty();
  }

  // -- changes ---------------------------------------------------------------------------------

  void add(Device.Meta meta) {
    note(meta.device);
    users
        .computeIfAbsent(meta.device.member.id(), _ -> new LinkedHashMap<>(2))
        .put(meta.device, meta);
    connections++;
  }

  void remove(Device device) {
    note(device);
    Map<Device, Device.Meta> metas = users.get(device.member.id());
    if (metas != null && metas.remove(device) != null) {
      connections--;
      if (metas.isEmpty()) {
        users.remove(device.member.id());
      }
    }
  }

  /// To be called before a device's user changes in any way.
  void note(Device device) {
    String user = device.member.id();
    if (!counted) {
      changed.computeIfAbsent(user, _ -> new Before(view(user)));
    }
  }

  private @Nullable UserView view(String user) {
    Map<Device, Device.Meta> metas = users.get(user);
    return metas == null ? null : UserView.of(metas.values());
  }

  private @Nullable UserView viewSeen(String user) {
    Before before = seen.get(user);
    return before == null ? null : before.view();
  }

  private List<UserView> views() {
    return users.values().stream().map(metas -> UserView.of(metas.values())).toList();
  }

  // -- telling ---------------------------------------------------------------------------------

  /// Everybody who is there, told or not; above the bound, how many.
  byte[] snapshot() {
    if (counted || users.size() > config.maxRoster()) {
      return count();
    }
    changed.keySet().forEach(user -> seen.merge(user, new Before(view(user)), Before::orElse));
    return roster();
  }

  byte[] count() {
    return new RosterJson(channel, "count", version).counts(users.size(), connections);
  }

  private byte[] roster() {
    return new RosterJson(channel, "snapshot", version)
        .users("users", views())
        .counts(users.size(), connections);
  }

  /// What changed since it was last told; null if nothing did.
  byte @Nullable [] news() {
    waits = false;
    byte[] news = counted ? newsOfCounts() : newsOfUsers();
    changed.clear();
    seen.clear();
    toldUsers = users.size();
    toldConnections = connections;
    return news;
  }

  private byte @Nullable [] newsOfCounts() {
    if (users.size() <= config.rosterAgain()) {
      counted = false;
      version++;
      return roster();
    }
    if (users.size() == toldUsers && connections == toldConnections) {
      return null;
    }
    version++;
    return count();
  }

  private byte @Nullable [] newsOfUsers() {
    if (users.size() > config.maxRoster()) {
      counted = true;
      version++;
      return count();
    }
    List<UserView> joined = new ArrayList<>();
    List<UserView> left = new ArrayList<>();
    List<UserView> updated = new ArrayList<>();
    changed.forEach((user, before) -> {
      UserView then = before.view();
      UserView now = view(user);
      if (now != null && then == null) {
        joined.add(now);
      } else if (now != null && (seen.containsKey(user) || !now.looksLike(then))) {
        updated.add(now);
      } else if (now == null) {
        UserView last = then == null ? viewSeen(user) : then;
        if (last != null) {
          left.add(last.gone());
        }
      }
    });
    if (joined.isEmpty() && left.isEmpty() && updated.isEmpty()) {
      return null;
    }
    version++;
    return new RosterJson(channel, "diff", version)
        .users("joined", joined)
        .users("left", left)
        .users("updated", updated)
        .counts(users.size(), connections);
  }
}
