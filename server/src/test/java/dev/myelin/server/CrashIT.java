package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a loaded server at random moments and holds it to its word each time: what was
/// acknowledged is there, once; nothing beyond the floor is; every session goes on at its floor.
///
/// `-Dcrash.rounds=1000` and `-Dcrash.seed=N` make it longer and repeatable.
final class CrashIT {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 50);
  private static final int DIMENSION = 32;
  private static final int MAX_IN_ROUND = 3_000;
  private static final Map<String, String> SETTINGS =
      Map.of("MYELIN_EMBEDDING_PROVIDER", "none", "MYELIN_LOG_LEVEL", "WARN");

  @TempDir Path data;

  @Test
  void losesNothingAndDoublesNothingHoweverOftenItIsKilled() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("crash.seed=" + seed + " crash.rounds=" + ROUNDS);
    Random random = new Random(seed);
    List<Writer> writers =
        List.of(
            new Writer("shared", "a"), new Writer("shared", "b"), new Writer("third-space", "c"));
    for (int round = 1; round <= ROUNDS; round++) {
      try (ServerProcess server = ServerProcess.start(data, SETTINGS)) {
        for (Writer writer : writers) {
          writer.resumeAndCheck(server.port(), round);
        }
        List<Thread> threads = new ArrayList<>();
        for (Writer writer : writers) {
          threads.add(writer.begin(writer::send));
          threads.add(writer.begin(writer::read));
        }
        int enough = random.nextInt(MAX_IN_ROUND);
        Eventually.until(
            enough + " acknowledgements",
            () -> writers.stream().mapToLong(Writer::progress).sum() >= enough);
        LockSupport.parkNanos(random.nextLong(10_000_000L));
        server.kill();
        for (Thread thread : threads) {
          thread.join();
        }
        for (Writer writer : writers) {
          assertThat(writer.failure)
              .as("failure of writer %s, seed %d", writer.name, seed)
              .isNull();
        }
      }
    }
    try (ServerProcess server = ServerProcess.start(data, SETTINGS)) {
      long all = 0;
      for (Writer writer : writers) {
        writer.resumeAndCheck(server.port(), ROUNDS + 1);
        all += writer.floor;
      }
      assertThat(all).as("observations that survived, seed %d", seed).isGreaterThan(10L * ROUNDS);
      System.out.println(
          all + " observations survived " + ROUNDS + " kills, each there once; none was lost");
    }
  }

  /// What a writer's thread does until the connection breaks.
  @FunctionalInterface
  private interface Exchange {
    void run() throws IOException;
  }

  /// One session that goes on through all crashes.
  private static final class Writer {
    private final String space;
    private final String name;
    private String session = "";
    private volatile long floor;
    private volatile long sent;
    private volatile long acknowledged;
    private volatile int round;
    private volatile @Nullable Throwable failure;
    private @Nullable StreamClient connected;

    Writer(String space, String name) {
      this.space = space;
      this.name = name;
    }

    /// Goes on with the session and compares what the server has with what it acknowledged.
    void resumeAndCheck(int port, int next) throws IOException {
      long before = floor;
      StreamClient client = StreamClient.open(port);
      connected = client;
      JsonNode answer = session.isEmpty() ? client.init(space) : client.resume(space, session);
      long resumed = answer.get("initial_sequence").asLong();
      if (acknowledged > 0) { // one that settled nothing may be unknown after a crash
        assertThat(client.session()).as("session of %s", name).isEqualTo(session);
      }
      assertThat(resumed).as("floor of %s", name).isBetween(acknowledged, sent);
      session = client.session();
      floor = resumed;
      sent = resumed;
      acknowledged = resumed;
      if (next > 1) {
        assertThat(idsOf(round)).as("memories of round %d", round).isEqualTo(ids(before, resumed));
      }
      round = next;
    }

    /// Acknowledgements in this round; a failure ends the waiting for more.
    long progress() {
      return failure == null ? acknowledged - floor : MAX_IN_ROUND;
    }

    private StreamClient client() {
      return Objects.requireNonNull(connected);
    }

    /// Starts a thread whose failure is kept; that the connection broke is none.
    Thread begin(Exchange exchange) {
      return Thread.ofPlatform()
          .start(() -> {
            try {
              exchange.run();
            } catch (IOException _) {
              // The server was killed while something was on its way: that is the test.
            } catch (Throwable e) {
              failure = e;
            }
          });
    }

    private Set<String> ids(long after, long last) {
      TreeSet<String> ids = new TreeSet<>();
      for (long sequence = after + 1; sequence <= last; sequence++) {
        ids.add(id(sequence));
      }
      return ids;
    }

    private String id(long sequence) {
      return name + "-" + sequence;
    }

    private String tag(int ofRound) {
      return name + "-round-" + ofRound;
    }

    /// The names of all memories of a round, by a recall that asks for nothing but their tag.
    private Set<String> idsOf(int ofRound) throws IOException {
      ObjectNode recall = StreamClient.message("recall");
      recall.put("request_id", "check").put("max_results", 10_000);
      recall.putObject("cue").putArray("required_tags").add(tag(ofRound));
      client().send(recall);
      TreeSet<String> ids = new TreeSet<>();
      JsonNode batch;
      do {
        batch = client().next("recall_result");
        for (JsonNode result : batch.get("results")) {
          assertThat(ids.add(result.get("id").asText())).as("%s is there once", result).isTrue();
        }
      } while (batch.get("more_results").asBoolean());
      return ids;
    }

    void send() throws IOException {
      Random random = new Random(floor);
      for (long next = floor + 1; next <= floor + MAX_IN_ROUND; next++) {
        ObjectNode observation = client().observation(next, id(next));
        ObjectNode episode = (ObjectNode) observation.get("episode");
        episode.putArray("tags").add(tag(round));
        if (random.nextInt(4) > 0) {
          episode.set("embedding", StreamClient.vector((int) next, DIMENSION));
        }
        sent = next;
        client().send(observation);
      }
    }

    void read() throws IOException {
      for (long next = floor + 1; next <= floor + MAX_IN_ROUND; next++) {
        JsonNode ack = client().next("ack");
        assertThat(ack.get("status").asText()).isEqualTo("accepted");
        assertThat(ack.get("sequence_number").asLong()).isEqualTo(next);
        acknowledged = next;
      }
    }
  }
}
