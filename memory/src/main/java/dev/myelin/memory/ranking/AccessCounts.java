package dev.myelin.memory.ranking;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often memories were recalled, and when last. Kept in memory for the memories recalled most
/// recently, up to a bound; lost at a restart, after which memories fade from their commit again.
public final class AccessCounts {
  private final int maxTracked;
  private final Map<Key, Access> accesses = new LinkedHashMap<>(16, 0.75f, true);

  private record Key(Object space, long offset) {}

  /// What is known of one memory.
  ///
  /// @param count how often; 0 if nothing is known
  /// @param last when last
  public record Access(int count, Instant last) {}

  public AccessCounts(int maxTracked) {
    this.maxTracked = maxTracked;
  }

  /// What is known of a memory; a memory never recalled was last accessed when it was committed.
  public synchronized Access of(Object space, long offset, Instant committedAt) {
    Access known = accesses.get(new Key(space, offset));
    return known == null ? new Access(0, committedAt) : known;
  }

  /// Counts one recall of a memory.
  public synchronized void touch(Object space, long offset, Instant now) {
    accesses.merge(
        new Key(space, offset), new Access(1, now), (old, _) -> new Access(old.count + 1, now));
    if (accesses.size() > maxTracked) {
      var oldest = accesses.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
