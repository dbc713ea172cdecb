package dev.myelin.edge.auth;

import dev.myelin.journal.Journal;
import dev.myelin.live.access.ApiKeys;
import dev.myelin.model.Principal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What is open on behalf of keys, and is to end when its key dies: revoked or rotated, at once;
/// expired, at the next [#sweep()]. Any thread.
public final class KeyWatch implements AutoCloseable {
  /// What clients are told.
  public static final String DEAD =
      "The API key that this was opened with was revoked, rotated or has expired."
          + " Connect again with another key.";

  private static final Watched NOTHING = () -> {};

  private final ApiKeys keys;
  private final Map<String, Set<Entry>> entries = new ConcurrentHashMap<>();
  private final Journal.Subscription subscription;

  /// One open thing; identity matters.
  private static final class Entry {
    final Principal principal;
    final Runnable cut;

    Entry(Principal principal, Runnable cut) {
      this.principal = principal;
      this.cut = cut;
    }
  }

  public KeyWatch(ApiKeys keys) {
    this.keys = keys;
    this.subscription = keys.whenSecretDies(this::sweep);
  }

  /// Ends a watch; does nothing the second time.
  @FunctionalInterface
  public interface Watched extends AutoCloseable {
    @Override
    void close();
  }

  /// Cuts something once when the principal's key dies, or now if it is dead already.
  ///
  /// @param cut on any thread; quick
  /// @return to be closed when the thing ends by itself
  public Watched watch(Principal principal, Runnable cut) {
    if (!principal.hasKey()) {
      return NOTHING;
    }
    Entry entry = new Entry(principal, cut);
    entries.compute(
        principal.keyId(),
        (_, others) -> {
          Set<Entry> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(entry);
          return all;
        });
    cutIfDead(entry); // it may have died before it was watched
    return () -> remove(entry);
  }

  /// Cuts what has expired; to be called about twice a second.
  public void sweep() {
    entries.keySet().forEach(this::sweep);
  }

  private void sweep(String keyId) {
    Set<Entry> open = entries.get(keyId);
    if (open != null) {
      open.forEach(this::cutIfDead);
    }
  }

  private void cutIfDead(Entry entry) {
    if (!keys.isAlive(entry.principal) && remove(entry)) {
      entry.cut.run();
    }
  }

  private boolean remove(Entry entry) {
    boolean[] removed = {false};
    entries.computeIfPresent(
        entry.principal.keyId(),
        (_, open) -> {
          removed[0] = open.remove(entry);
          return open.isEmpty() ? null : open;
        });
    return removed[0];
  }

  @Override
  public void close() {
    subscription.close();
  }
}
