package dev.myelin.edge.auth;

import dev.myelin.journal.Journal;
import dev.myelin.live.access.ApiKeys;
import dev.myelin.live.token.Tokens;
import dev.myelin.model.Principal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What is open on behalf of keys and tokens, and is to end when its key or token dies: revoked or
/// rotated, at once; expired, or with its tenant, at the next [#sweep()]. Any thread.
public final class KeyWatch implements AutoCloseable {
  /// What clients are told.
  public static final String DEAD =
      "The API key or token that this was opened with was revoked, rotated or has expired."
          + " Connect again with another one.";

  private static final Watched NOTHING = () -> {};

  private final ApiKeys keys;
  private final Tokens tokens;
  private final Map<String, Set<Entry>> entries = new ConcurrentHashMap<>();
  private final Journal.Subscription ofKeys;
  private final Journal.Subscription ofTokens;

  /// One open thing; identity matters.
  private static final class Entry {
    final Principal principal;
    final Runnable cut;

    /// Whether the end of a token's time is somebody else's affair.
    final boolean outlives;

    Entry(Principal principal, Runnable cut, boolean outlives) {
      this.principal = principal;
      this.cut = cut;
      this.outlives = outlives;
    }
  }

  public KeyWatch(ApiKeys keys, Tokens tokens) {
    this.keys = keys;
    this.tokens = tokens;
    this.ofKeys = keys.whenSecretDies(this::sweep);
    this.ofTokens = tokens.revocations().whenRevoked(_ -> sweep());
  }

  /// Ends a watch; does nothing the second time.
  @FunctionalInterface
  public interface Watched extends AutoCloseable {
    @Override
    void close();
  }

  /// Cuts something once when the principal's key or token dies, or now if it is dead already.
  ///
  /// @param cut on any thread; quick
  /// @return to be closed when the thing ends by itself
  public Watched watch(Principal principal, Runnable cut) {
    return watch(new Entry(principal, cut, false));
  }

  /// As [#watch(Principal, Runnable)], but a token that has only expired is not dead: for whoever
  /// lets tokens be renewed.
  public Watched watchRevocation(Principal principal, Runnable cut) {
    return watch(new Entry(principal, cut, true));
  }

  private Watched watch(Entry entry) {
    Principal principal = entry.principal;
    if (!principal.hasKey()) {
      return NOTHING;
    }
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
    if (!isAlive(entry) && remove(entry)) {
      entry.cut.run();
    }
  }

  private boolean isAlive(Entry entry) {
    Principal principal = entry.principal;
    return keys.isAlive(principal)
        && (entry.outlives ? tokens.isGood(principal) : tokens.isAlive(principal));
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
    ofKeys.close();
    ofTokens.close();
  }
}
