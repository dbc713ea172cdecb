package dev.myelin.bench.crash;

import dev.myelin.bench.load.Delivery;
import dev.myelin.bench.load.Dialect;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Opened;
import dev.myelin.bench.load.Session;
import dev.myelin.bench.load.Target;
import dev.myelin.bench.load.Transport;
import dev.myelin.bench.load.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One session that goes on through all crashes. In each round [#resume], [#begin], then, when the
/// server is gone, [#end]. One thread.
final class CrashSession {
  /// Observations in a round, at most.
  static final int MAX_IN_ROUND = 3_000;

  private static final int DIMENSION = 32;
  private static final List<Transport> TRANSPORTS =
      List.of(Transport.JSON, Transport.BINARY, Transport.GRPC);

  private final int number;
  private final Transport transport;
  private final Observations observations;
  private final String space;
  private final List<Long> floors = new ArrayList<>();
  private String name = "";
  private long sent;
  private long acknowledged;
  private @Nullable Connection connection;

  /// @param number picks the transport and the space; every fourth session sends text alone
  CrashSession(int number) {
    this.number = number;
    this.transport = TRANSPORTS.get(number % TRANSPORTS.size());
    this.observations = new Observations("crash", number % 4 == 3 ? 0 : DIMENSION, number);
    this.space = "crash-" + number % 2;
  }

  /// Goes on where the server says, which must be between what it acknowledged and what was sent.
  ///
  /// @throws LoadFailure if it is not, or if the session is gone
  void resume(Target target) throws IOException {
    String tag = tag(floors.size() + 1);
    Session session = new Session(target, observations, number, space, name, tag);
    Wire wire = Wire.connect(target.address());
    Connection opening = new Connection(wire, transport.dialect(session));
    connection = opening;
    Opened opened = opening.dialect.open(wire);
    if (acknowledged > 0 && !opened.session().equals(name)) {
      throw failure("it is gone, and with it what it settled: " + acknowledged);
    }
    if (opened.floor() < acknowledged || opened.floor() > sent) {
      throw failure(
          "the floor is " + opened.floor() + " (expected: " + acknowledged + " to " + sent + ")");
    }
    name = opened.session();
    sent = opened.floor();
    acknowledged = opened.floor();
    floors.add(opened.floor());
  }

  /// Sends until the round has enough or the connection breaks.
  void begin() {
    open().begin(floor());
  }

  /// Acknowledgements in this round.
  long progress() {
    return open().delivery().settled() - floor();
  }

  /// Whether nothing more will come in this round.
  boolean hasEnded() {
    return open().delivery().hasEnded();
  }

  /// Waits until the broken connection is all read.
  ///
  /// @throws LoadFailure if a verdict was wrong, or a rejection
  void end() throws IOException, InterruptedException {
    Delivery delivery = open().delivery();
    long rejected = delivery.join();
    open().wire.close();
    sent = delivery.sent();
    acknowledged = delivery.settled();
    if (rejected > 0) {
      throw failure(rejected + " observations were rejected");
    }
  }

  /// Compares the memories of a round that is over with what it settled.
  ///
  /// @param round from 1
  /// @throws LoadFailure if one is missing, there twice, or beyond the floor
  void check(TaggedMemories memories, int round) throws IOException {
    Set<String> found = new TreeSet<>();
    for (String id : memories.ids(space, tag(round))) {
      if (!found.add(id)) {
        throw failure(id + " of round " + round + " is there twice");
      }
    }
    for (long sequence = floors.get(round - 1) + 1; sequence <= floors.get(round); sequence++) {
      if (!found.remove(observations.id(number, sequence))) {
        throw failure(sequence + " of round " + round + " is lost");
      }
    }
    if (!found.isEmpty()) {
      throw failure(found + " of round " + round + " is there, but was not settled");
    }
  }

  /// The last number that is settled.
  long floor() {
    return floors.getLast();
  }

  private String tag(int round) {
    return "session-" + number + "-round-" + round;
  }

  private Connection open() {
    if (connection == null) {
      throw new IllegalStateException("the session is not open");
    }
    return connection;
  }

  private LoadFailure failure(String text) {
    return new LoadFailure(
        "session " + number + " over " + transport.name().toLowerCase(Locale.ROOT) + ": " + text);
  }

  /// The connection of a round.
  private static final class Connection {
    private final Wire wire;
    private final Dialect dialect;
    private @Nullable Delivery delivery;

    Connection(Wire wire, Dialect dialect) {
      this.wire = wire;
      this.dialect = dialect;
    }

    void begin(long floor) {
      delivery = Delivery.start(wire, dialect, floor, floor + MAX_IN_ROUND);
    }

    Delivery delivery() {
      if (delivery == null) {
        throw new IllegalStateException("nothing is sent yet");
      }
      return delivery;
    }
  }
}
