package dev.myelin.live.broker;

import dev.myelin.model.ChannelId;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The channels of which something was left out and not told yet; its lock guards them. Where they
/// become too many to be named, it is all.
final class Omissions {
  private static final int MAX_NAMED = 1_024;

  private final ReentrantLock lock = new ReentrantLock();
  private Set<ChannelId> channels = new HashSet<>();
  private boolean everywhere;
  private volatile boolean any;

  /// What was left out.
  ///
  /// @param everywhere whether there is more than is named
  record Omitted(Set<ChannelId> channels, boolean everywhere) {}

  void add(ChannelId channel) {
    lock.lock();
    try {
      if (channels.size() < MAX_NAMED || channels.contains(channel)) {
        channels.add(channel);
      } else {
        everywhere = true;
      }
      any = true;
    } finally {
      lock.unlock();
    }
  }

  boolean any() {
    return any;
  }

  /// What was left out, which then is told.
  Omitted take() {
    lock.lock();
    try {
      Omitted taken = new Omitted(channels, everywhere);
      channels = new HashSet<>();
      everywhere = false;
      any = false;
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
