package dev.myelin.live.session;

import dev.myelin.live.timer.Timeout;
import dev.myelin.live.timer.TimerWheel;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The sessions of this process: those that have a connection, and those that wait for their owner
/// to come back.
///
/// A session is resumed by its id, and only by its owner: the same tenant, user and client id. To
/// everybody else it does not exist. If its old connection is still there, which is what a network
/// that changed under a client looks like, that connection hands the session over.
///
/// **Bounds.** Sessions with a connection are as many as there are connections; those that wait are
/// bounded, and the one that waited longest ends first.
///
/// **Threads.** Any; one lock, held for a few steps and never while a holder is called.
public final class Sessions {
  private static final int ID_BYTES = 16;

  private final SessionConfig config;
  private final TimerWheel timer;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Entry> entries = new HashMap<>();

  /// Ids of those that wait, the one that waits longest first.
  private final Set<String> suspended = new LinkedHashSet<>();

  private long begun;
  private long resumed;
  private long tookOver;
  private long refused;
  private long expired;
  private long evicted;

  public Sessions(SessionConfig config, TimerWheel timer, InstantSource clock) {
    this.config = config;
    this.timer = timer;
    this.clock = clock;
  }

  /// A new session for a new connection.
  public synchronized GatewaySession begin(
      String tenant, String subject, String clientId, SessionHolder holder) {
    SessionOwner owner = new SessionOwner(tenant, subject, clientId);
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    GatewaySession session = new GatewaySession(HexFormat.of().formatHex(id), owner);
    entries.put(session.id(), new Entry(session, holder));
    begun++;
    return session;
  }

  /// Lets a session wait as it was when it was resumed, because its connection was lost before it
  /// could go on with it.
  ///
  /// @param holder the connection; if it does not have the session any more, nothing happens
  /// @return whether it had it, and the session waits now
  public boolean suspend(GatewaySession session, SessionHolder holder) {
    return suspend(session, holder, null);
  }

  /// Lets a session wait, because its connection was lost.
  ///
  /// @param holder the connection; if it does not have the session any more, nothing happens
  /// @param subscriptions null: as they were when it was resumed
  /// @return whether it had it, and the session waits now
  public synchronized boolean suspend(
      GatewaySession session,
      SessionHolder holder,
      @Nullable List<KeptSubscription> subscriptions) {
    Entry entry = entries.get(session.id());
    if (entry == null || !holder.equals(entry.holder)) {
      return false;
    }
    // A connection that was lost before it got the session's own subscriptions knows of none.
    if (subscriptions != null && entry.subscriptions.isDone()) {
      entry.subscriptions = CompletableFuture.completedFuture(List.copyOf(subscriptions));
    }
    entry.holder = null;
    entry.until = clock.instant().plus(config.window());
    entry.expiry = timer.schedule(config.window(), () -> expire(entry));
    suspended.add(session.id());
    evict();
    return true;
  }

  /// Ends a session for good, because its client said goodbye or is shut out.
  ///
  /// @param holder the connection; if it does not have the session any more, nothing happens
  /// @return whether it had it
  public synchronized boolean end(GatewaySession session, SessionHolder holder) {
    Entry entry = entries.get(session.id());
    return entry != null && holder.equals(entry.holder) && entries.remove(session.id(), entry);
  }

  /// Goes on with a session on another connection.
  ///
  /// @param holder the new connection: it has the session from now on, and may lose it again before
  ///   the stage completes
  /// @return empty if there is no such session, if it is over, or if it is somebody else's; which
  ///   of these is not told
  public CompletionStage<Optional<Resumed>> resume(
      String id, String tenant, String subject, String clientId, SessionHolder holder) {
    SessionOwner owner = new SessionOwner(tenant, subject, clientId);
    SessionHolder before;
    CompletableFuture<List<KeptSubscription>> known;
    CompletableFuture<List<KeptSubscription>> handed = new CompletableFuture<>();
    GatewaySession session;
    synchronized (this) {
      Entry entry = entries.get(id);
      if (entry == null || !entry.session.owner().equals(owner) || isOver(entry)) {
        refused++;
        return CompletableFuture.completedFuture(Optional.empty());
      }
      before = entry.holder;
      known = entry.subscriptions;
      session = entry.session;
      wake(entry, holder);
      resumed++;
      if (before != null) {
        tookOver++;
        entry.subscriptions = handed;
      }
    }
    boolean taken = before != null;
    if (before != null) {
      takeOver(before, known, handed);
    }
    return (taken ? handed : known)
        .thenApply(subscriptions -> Optional.of(new Resumed(session, subscriptions, taken)));
  }

  /// Asks the connection that loses its session. If that one was itself still waiting for the
  /// session's subscriptions, those are what counts: it has sent nothing yet.
  private static void takeOver(
      SessionHolder before,
      CompletableFuture<List<KeptSubscription>> known,
      CompletableFuture<List<KeptSubscription>> handed) {
    boolean hasSent = known.isDone();
    CompletionStage<List<KeptSubscription>> answer = before.handOver();
    CompletionStage<List<KeptSubscription>> source = hasSent ? answer : known;
    source.whenComplete((subscriptions, failure) ->
        handed.complete(failure == null ? List.copyOf(subscriptions) : List.of()));
  }

  private void wake(Entry entry, SessionHolder holder) {
    Timeout expiry = entry.expiry;
    if (expiry != null) {
      expiry.cancel();
      entry.expiry = null;
    }
    suspended.remove(entry.session.id());
    entry.holder = holder;
    entry.until = null;
  }

  // -- ending ----------------------------------------------------------------------------------

  /// Whether its time is up, though the timer has not come by yet.
  private boolean isOver(Entry entry) {
    Instant until = entry.until;
    return until != null && !clock.instant().isBefore(until);
  }

  private synchronized void expire(Entry entry) {
    if (isOver(entry)) {
      remove(entry);
      expired++;
    }
  }

  private void evict() {
    while (suspended.size() > config.maxSuspended()) {
      Entry entry = entries.get(suspended.iterator().next());
      if (entry == null) {
        throw new IllegalStateException("suspended session: unknown (expected: known)");
      }
      remove(entry);
      evicted++;
    }
  }

  private void remove(Entry entry) {
    String id = entry.session.id();
    suspended.remove(id);
    entries.remove(id);
    Timeout expiry = entry.expiry;
    if (expiry != null) {
      expiry.cancel();
    }
  }

  public synchronized SessionStats stats() {
    return new SessionStats(
        entries.size() - suspended.size(),
        suspended.size(),
        begun,
        resumed,
        tookOver,
        refused,
        expired,
        evicted);
  }

  /// One session: it has a holder, or it waits until a time.
  private static final class Entry {
    final GatewaySession session;
    @Nullable SessionHolder holder;
    @Nullable Instant until;
    @Nullable Timeout expiry;

    /// What was kept when it last changed hands; not done while it does.
    CompletableFuture<List<KeptSubscription>> subscriptions =
        CompletableFuture.completedFuture(List.of());

    Entry(GatewaySession session, SessionHolder holder) {
      this.session = session;
      this.holder = holder;
    }
  }
}
