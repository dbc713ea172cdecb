package dev.myelin.live.connection;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Counts connections, and knows those that are through their handshake.
///
/// A connection is counted before its handshake is answered, and looking and counting are one step:
/// there are never more than the limits say, however many arrive side by side.
///
/// **Threads.** Any; one lock, held for a few steps and never while a connection is called.
public final class ConnectionRegistry {
  /// Long enough not to become a storm; who waits adds chance of his own.
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final ConnectionLimits limits;
  private final Map<Place.Holder, Integer> clients = new HashMap<>();
  private final Map<String, Integer> tenants = new HashMap<>();
  private final Map<String, Entry> registered = new HashMap<>();
  private final Map<Bound, Long> refused = new EnumMap<>(Bound.class);
  private final ClosedConnections closed = new ClosedConnections();
  private int open;
  private long admitted;

  private record Entry(Place place, LiveConnection connection) {}

  public ConnectionRegistry(ConnectionLimits limits) {
    this.limits = limits;
    for (Bound bound : Bound.values()) {
      refused.put(bound, 0L);
    }
  }

  // -- counting --------------------------------------------------------------------------------

  /// Counts one more connection, if there is room for it.
  ///
  /// @param client the client id, or the address where there is none
  public synchronized Admission admit(String tenant, String client) {
    Place.Holder holder = new Place.Holder(tenant, client);
    Bound full = fullFor(holder, null);
    if (full != null) {
      return refuse(full);
    }
    count(holder, 1);
    open++;
    admitted++;
    return new Admission.Admitted(new Place(this, holder));
  }

  synchronized Admission move(Place place, Place.Holder to) {
    Bound full = fullFor(to, place.holder);
    if (full != null) {
      return refuse(full);
    }
    if (place.given) {
      count(place.holder, -1);
      count(to, 1);
      place.holder = to;
    }
    return new Admission.Admitted(place);
  }

  void leave(Place place) {
    LiveConnection connection = connection(place);
    ConnectionInfo.Traffic traffic =
        connection == null ? ConnectionInfo.Traffic.NONE : connection.info().traffic();
    leave(place, traffic);
  }

  private synchronized @Nullable LiveConnection connection(Place place) {
    Entry entry = place.id == null ? null : registered.get(place.id);
    return entry == null ? null : entry.connection();
  }

  private synchronized void leave(Place place, ConnectionInfo.Traffic traffic) {
    if (!place.given) {
      return;
    }
    place.given = false;
    count(place.holder, -1);
    open--;
    if (place.id != null) {
      registered.remove(place.id);
      closed.add(place.holder.tenant(), traffic);
    }
  }

  /// The narrowest bound that leaves no room, null if there is room.
  ///
  /// @param from where the connection counts already, null if nowhere
  private @Nullable Bound fullFor(Place.Holder to, Place.@Nullable Holder from) {
    if (!to.equals(from) && clients.getOrDefault(to, 0) >= limits.perClient()) {
      return Bound.CLIENT;
    }
    boolean comesIn = from == null || !from.tenant().equals(to.tenant());
    if (comesIn && tenants.getOrDefault(to.tenant(), 0) >= limits.perTenant()) {
      return Bound.TENANT;
    }
    return from == null && open >= limits.perProcess() ? Bound.PROCESS : null;
  }

  private Admission refuse(Bound bound) {
    refused.merge(bound, 1L, Long::sum);
    return new Admission.Refused(bound, limits.of(bound), RETRY_AFTER);
  }

  private void count(Place.Holder holder, int change) {
    add(clients, holder, change);
    add(tenants, holder.tenant(), change);
  }

  /// Keeps no zeros: the maps are as large as what is open.
  private static <K> void add(Map<K, Integer> counts, K key, int change) {
    int count = counts.getOrDefault(key, 0) + change;
    if (count == 0) {
      counts.remove(key);
    } else {
      counts.put(key, count);
    }
  }

  // -- knowing ---------------------------------------------------------------------------------

  synchronized void register(Place place, LiveConnection connection) {
    if (place.given && place.id == null) {
      place.id = connection.id();
      registered.put(connection.id(), new Entry(place, connection));
    }
  }

  /// The connections of a tenant, the oldest first.
  public List<ConnectionInfo> list(String tenant) {
    return connections(place -> place.holder.tenant().equals(tenant)).stream()
        .map(LiveConnection::info)
        .sorted(Comparator.comparing(ConnectionInfo::connectedAt).thenComparing(ConnectionInfo::id))
        .toList();
  }

  /// One connection, if it is of that tenant.
  public synchronized Optional<LiveConnection> find(String tenant, String id) {
    Entry entry = registered.get(id);
    return entry != null && entry.place().holder.tenant().equals(tenant)
        ? Optional.of(entry.connection())
        : Optional.empty();
  }

  /// Ends one connection in an orderly way.
  ///
  /// @param reason for its client
  /// @return whether the tenant has such a connection
  public boolean close(String tenant, String id, String reason) {
    Optional<LiveConnection> found = find(tenant, id);
    found.ifPresent(connection -> connection.end(reason));
    return found.isPresent();
  }

  /// All of them, of every tenant, in no order: for shutting down, or when a token was revoked.
  public List<LiveConnection> all() {
    return connections(_ -> true);
  }

  private synchronized List<LiveConnection> connections(Predicate<Place> which) {
    return registered.values().stream()
        .filter(entry -> which.test(entry.place()))
        .map(Entry::connection)
        .toList();
  }

  /// How many there are and were, in all tenants.
  public synchronized ConnectionStats stats() {
    return new ConnectionStats(open, registered.size(), tenants.size(), admitted, refused);
  }

  /// What a tenant's connections did, since the server began.
  public ConnectionTotals totals(String tenant) {
    List<LiveConnection> live;
    ConnectionTotals all;
    synchronized (this) {
      all = closed.of(tenant);
      live = connections(place -> place.holder.tenant().equals(tenant));
    }
    for (LiveConnection connection : live) {
      all = all.withOpen(connection.info().traffic());
    }
    return all;
  }

  /// The same of each tenant that has connections, or had one lately (at most 10 000 of these), in
  /// order of name.
  public SortedMap<String, ConnectionTotals> totals() {
    SortedMap<String, ConnectionTotals> all;
    List<Map.Entry<String, LiveConnection>> live;
    // Both in one step: what closes meanwhile counts once, as open.
    synchronized (this) {
      all = new TreeMap<>(closed.all());
      live =
          registered.values().stream()
              .map(entry -> Map.entry(entry.place().holder.tenant(), entry.connection()))
              .toList();
    }
    for (Map.Entry<String, LiveConnection> one : live) {
      ConnectionInfo.Traffic traffic = one.getValue().info().traffic();
      all.merge(
          one.getKey(),
          ConnectionTotals.NONE.withOpen(traffic),
          (before, _) -> before.withOpen(traffic));
    }
    return all;
  }

  /// How many a tenant has now, handshakes under way among them.
  public synchronized int open(String tenant) {
    return tenants.getOrDefault(tenant, 0);
  }
}
