package dev.myelin.stream;

import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.Principal;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ServerMessage.Capabilities;
import dev.myelin.stream.SessionTable.Claim;
import dev.myelin.stream.StreamMetrics.Resume;
import dev.myelin.stream.indexing.IndexedNotices;
import dev.myelin.stream.ledger.SessionLedger;
import dev.myelin.stream.ledger.Sweeper;
import dev.myelin.stream.ledger.Verdict;
import dev.myelin.stream.pressure.LanePressure;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// All observation sessions of the server, whatever their transport.
///
/// A session's rows in the journal are read when the service opens; from then on the table in
/// memory is the truth about which sessions there are, and the journal about which numbers are
/// settled.
public final class ObservationService implements AutoCloseable {
  private static final int MAX_OBSERVATIONS_PER_SECOND = 100_000;

  /// Sessions that one tick ends, which bounds its work.
  private static final int EXPIRED_AT_ONCE = 256;

  private final StreamConfig config;
  private final Journal journal;
  private final MemoryEngine memories;
  private final InstantSource clock;
  private final Executor recalls;
  private final StreamMetrics metrics;
  private final SessionTable table;
  private final Sweeper sweeper;
  private final IndexedNotices notices;
  private final Map<Lane, LanePressure> pressures = new EnumMap<>(Lane.class);
  private final Set<ObservationConnection> connections = ConcurrentHashMap.newKeySet();
  private final Queue<ObservationConnection> signalled = new ConcurrentLinkedQueue<>();
  private final Journal.Subscription batches;
  private volatile boolean draining;

  private ObservationService(
      StreamConfig config,
      Journal journal,
      MemoryEngine memories,
      InstantSource clock,
      MeterRegistry meters,
      Executor recalls) {
    this.config = config;
    this.journal = journal;
    this.memories = memories;
    this.clock = clock;
    this.recalls = recalls;
    this.metrics = new StreamMetrics(meters);
    this.table = new SessionTable(config.maxSessions());
    this.sweeper = new Sweeper(journal);
    this.notices = new IndexedNotices(memories);
    for (Lane lane : Lane.values()) {
      pressures.put(lane, new LanePressure(memories::load, lane, config.pressure()));
      metrics.pressure(lane, () -> memories.load(lane).pressure());
    }
    this.batches = journal.afterBatches(this::batchSettled);
    metrics.gauge("sessions", "Open sessions, connected or not", table::size);
    metrics.gauge("connections", "Connections to the observation service", connections::size);
  }

  /// Opens the service on a journal and the memory engine above it, with the sessions that were
  /// open when the journal was closed: each may be resumed for the configured time from now.
  ///
  /// @param clock counts the time a session may be idle
  /// @param recalls runs recalls and other reading that may wait for the disk
  public static ObservationService open(
      StreamConfig config,
      Journal journal,
      MemoryEngine memories,
      InstantSource clock,
      MeterRegistry meters,
      Executor recalls) {
    ObservationService service =
        new ObservationService(config, journal, memories, clock, meters, recalls);
    Instant now = clock.instant();
    SessionLedger.load(journal, row -> service.table.restore(new Session(row, journal), now));
    return service;
  }

  /// A new connection without a session yet; call it on the peer's event loop.
  ///
  /// @param principal whose connection it is: what it may not, is refused
  public ObservationConnection connect(Peer peer, Principal principal) {
    ObservationConnection connection = new ObservationConnection(this, peer, principal);
    connections.add(connection);
    if (draining) {
      connection.goAway();
    }
    return connection;
  }

  /// Ends sessions that nobody resumed in time, tells clients whose lane's pressure changed, and
  /// sends what slow clients are owed. To be called at a steady pace, about every 100 ms, from one
  /// timer; never blocks.
  public void tick() {
    Instant now = clock.instant();
    for (LanePressure pressure : pressures.values()) {
      pressure.sample(now);
    }
    connections.forEach(ObservationConnection::tick);
    table.expire(now.minus(config.idleTimeout()), EXPIRED_AT_ONCE).forEach(this::remove);
    sweeper.sweep();
  }

  /// Sessions that are open, connected or not.
  public int sessions() {
    return table.size();
  }

  /// Stops taking observations, settles and answers what was accepted, then ends every connection.
  /// Their sessions may be resumed when the server is back. Waits.
  ///
  /// @return whether all was settled and answered within the time
  public boolean drain(Duration atMost) {
    draining = true;
    long deadline = System.nanoTime() + atMost.toNanos();
    connections.forEach(ObservationConnection::goAway);
    boolean answered = awaitNoConnections(deadline);
    List<Session> unsettled = table.unsettled();
    CountDownLatch settling = new CountDownLatch(unsettled.size());
    unsettled.forEach(session -> session.whenSettled(settling::countDown));
    boolean settled = await(settling, deadline);
    connections.forEach(ObservationConnection::cutOff);
    return answered && settled;
  }

  private synchronized boolean awaitNoConnections(long deadline) {
    try {
      while (!connections.isEmpty()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean await(CountDownLatch settling, long deadline) {
    try {
      return settling.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Ends every connection without waiting. What was accepted is settled by the journal's close.
  @Override
  public void close() {
    draining = true;
    batches.close();
    connections.forEach(ObservationConnection::cutOff);
  }

  /// Signals a connection when all transactions of the batch under way were told; committer thread.
  void afterBatch(ObservationConnection connection) {
    signalled.add(connection);
  }

  private void batchSettled() {
    ObservationConnection connection = signalled.poll();
    while (connection != null) {
      connection.batchSettled();
      connection = signalled.poll();
    }
  }

  // -- for connections -------------------------------------------------------------------------

  StreamConfig config() {
    return config;
  }

  MemoryEngine memories() {
    return memories;
  }

  InstantSource clock() {
    return clock;
  }

  StreamMetrics metrics() {
    return metrics;
  }

  Executor recalls() {
    return recalls;
  }

  IndexedNotices notices() {
    return notices;
  }

  boolean isDraining() {
    return draining;
  }

  LanePressure pressure(Lane lane) {
    return Objects.requireNonNull(pressures.get(lane));
  }

  Capabilities capabilities() {
    int capacity = 0;
    for (Lane lane : Lane.values()) {
      capacity += journal.load(lane).capacity();
    }
    return new Capabilities(MAX_OBSERVATIONS_PER_SECOND, capacity);
  }

  /// Makes a connection the owner of a session it wants to resume, or null if there is none: it may
  /// have expired. Who had it before is told.
  @Nullable Session resume(SessionId id, Init init, ObservationConnection connection) {
    Claim claim = table.claim(id, init.space(), connection);
    if (claim == null) {
      metrics.count(Resume.UNKNOWN);
      return null;
    }
    ObservationConnection previous = claim.previous();
    metrics.count(previous == null ? Resume.RESUMED : Resume.TAKEN_OVER);
    if (previous != null) {
      previous.fence();
    }
    return claim.session();
  }

  /// A new session, or null if there is no room for one.
  @Nullable Session create(SpaceId space, ObservationConnection connection) {
    Session session = new Session(SessionId.random(), space, clock.instant(), journal);
    return table.add(session, connection) ? session : null;
  }

  /// What became of a number that was taken before. Reads from the disk.
  String fate(Session session, long sequence) {
    return switch (session.ledger.verdict(journal, sequence)) {
      case Verdict.Accepted known -> Texts.committedAs(known.stored());
      case Verdict.Rejected known -> Texts.rejectedAs(known.code());
      case null -> Texts.ALREADY_RECEIVED;
    };
  }

  /// A client closes its session; whether it still was its own.
  boolean end(Session session, ObservationConnection connection) {
    boolean ended = table.end(session, connection);
    if (ended) {
      remove(session);
    }
    return ended;
  }

  /// A session ended: once its last number is settled, its rows go.
  private void remove(Session session) {
    if (session.isKept()) {
      session.whenSettled(() -> sweeper.add(session.ledger));
    }
  }

  /// A connection is gone or ends; its session waits to be resumed, if it is still open.
  void gone(ObservationConnection connection, @Nullable Session session) {
    if (session != null) {
      table.release(session, connection, clock.instant());
    }
    if (connections.remove(connection) && draining) {
      synchronized (this) {
        notifyAll();
      }
    }
  }
}
