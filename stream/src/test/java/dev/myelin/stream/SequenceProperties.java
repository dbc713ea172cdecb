package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.memory.MemoryFilter;
import dev.myelin.memory.RecallQuery;
import dev.myelin.memory.SpaceOptions;
import dev.myelin.model.ErrorCode;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.Failure;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.Rejected;
import dev.myelin.stream.ServerMessage.Status;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/// The rules of sequence against a model of a few lines: whatever a client does, each number gets
/// one verdict, in order, and a session goes on exactly where it was.
class SequenceProperties {
  /// What a client may do next.
  enum Move {
    OBSERVE,
    OBSERVE_HIGH,
    OBSERVE_LOW,
    OBSERVE_VECTOR,
    WRONG_DIMENSION,
    INVALID,
    GAP,
    DUPLICATE,
    PAUSE,
    GO_ON,
    RECALL,
    LISTEN,
    RECONNECT,
    TAKE_OVER,
    RESTART
  }

  @Property(tries = 30)
  void everyNumberGetsOneVerdictInOrder(
      @ForAll @Size(min = 1, max = 120) List<Move> moves, @ForAll @IntRange(min = 1) int pick) {
    Folders.inNew(folder -> {
      try (TestServer server = new TestServer(folder)) {
        server.memories.create(Client.SPACE, new SpaceOptions(2));
        Model model = new Model(server, folder, pick);
        moves.forEach(model::make);
        model.listen();
        model.compareMemories();
      }
    });
  }

  /// What a reply must look like.
  private record Expected(Class<? extends ServerMessage> type, long sequence, ErrorCode code) {}

  private static final class Model {
    private final TestServer server;
    private final Path folder;
    private final int pick;
    private final ArrayDeque<Expected> owed = new ArrayDeque<>();
    private final Map<Long, @Nullable ErrorCode> verdicts = new HashMap<>();
    private Client client;
    private long next = 1;
    private boolean paused;

    Model(TestServer server, Path folder, int pick) {
      this.server = server;
      this.folder = folder;
      this.pick = pick;
      this.client = server.client();
      client.init();
    }

    void make(Move move) {
      switch (move) {
        case OBSERVE -> observe(Lane.NORMAL);
        case OBSERVE_HIGH -> observe(Lane.HIGH);
        case OBSERVE_LOW -> observe(Lane.LOW);
        case OBSERVE_VECTOR -> {
          client.observe(next, Lane.NORMAL, Client.episode("ep" + next, 1f, (float) next));
          verdict(paused ? ErrorCode.SESSION_PAUSED : null);
        }
        case WRONG_DIMENSION -> {
          client.observe(next, Lane.NORMAL, Client.episode("ep" + next, 1f));
          verdict(paused ? ErrorCode.SESSION_PAUSED : ErrorCode.DIMENSION_MISMATCH);
        }
        case INVALID -> {
          client.invalid(next);
          verdict(ErrorCode.INVALID_EPISODE);
        }
        case GAP -> {
          client.observe(next + pick);
          owed.add(new Expected(Failure.class, next + pick, ErrorCode.SEQUENCE_GAP));
        }
        case DUPLICATE -> duplicate();
        case PAUSE -> flow(FlowAction.PAUSE, true);
        case GO_ON -> flow(FlowAction.RESUME, false);
        case RECALL -> {
          client.recall("q", "nothing like that");
          owed.add(new Expected(RecallResult.class, 0, ErrorCode.INTERNAL));
        }
        case LISTEN -> listen();
        case RECONNECT -> {
          client.disconnect();
          resume();
        }
        case TAKE_OVER -> resume();
        case RESTART -> {
          listen(); // what is on its way in a shutdown may or may not be settled
          server.restart(folder);
          if (verdicts.isEmpty()) { // nothing to keep: the session may be new again
            client = server.client();
            client.init();
            owed.clear();
            paused = false;
          } else {
            resume();
          }
        }
      }
    }

    private void observe(Lane lane) {
      client.observe(next, lane);
      verdict(paused ? ErrorCode.SESSION_PAUSED : null);
    }

    private void verdict(@Nullable ErrorCode code) {
      verdicts.put(next, code);
      owed.add(
          code == null
              ? new Expected(Accepted.class, next, ErrorCode.INTERNAL)
              : new Expected(Rejected.class, next, code));
      next++;
    }

    private void duplicate() {
      if (next > 1) {
        long old = 1 + pick % (next - 1);
        client.observe(old);
        owed.add(new Expected(Failure.class, old, ErrorCode.SEQUENCE_DUPLICATE));
      }
    }

    private void flow(FlowAction action, boolean pauses) {
      client.flow(action);
      paused = pauses;
      owed.add(new Expected(Status.class, 0, ErrorCode.INTERNAL));
    }

    private void resume() {
      Client old = client;
      client = server.client();
      assertThat(client.resume(old.session()).initialSequence()).isEqualTo(next - 1);
      assertThat(client.session()).isEqualTo(old.session());
      owed.clear();
      paused = false;
    }

    void listen() {
      while (!owed.isEmpty()) {
        Expected expected = owed.remove();
        ServerMessage reply = client.next(expected.type());
        switch (reply) {
          case Accepted ack -> {
            assertThat(ack.sequence()).isEqualTo(expected.sequence());
            assertThat(ack.memory().value()).isEqualTo("ep" + ack.sequence());
          }
          case Rejected no -> {
            assertThat(no.sequence()).isEqualTo(expected.sequence());
            assertThat(no.code()).isEqualTo(expected.code());
          }
          case Failure failure -> compare(failure, expected);
          default -> {}
        }
      }
      client.hearsNothing();
    }

    private void compare(Failure failure, Expected expected) {
      assertThat(failure.sequence()).isEqualTo(expected.sequence());
      assertThat(failure.code()).isEqualTo(expected.code());
      if (failure.code() == ErrorCode.SEQUENCE_DUPLICATE) {
        ErrorCode code = verdicts.get(failure.sequence());
        assertThat(failure.text())
            .contains(
                code == null
                    ? "committed as memory ep" + failure.sequence()
                    : "rejected (" + code + ")");
      }
    }

    void compareMemories() {
      Set<String> expected = new TreeSet<>();
      verdicts.forEach((sequence, code) -> {
        if (code == null) {
          expected.add("ep" + sequence);
        }
      });
      assertThat(Recalled.all(server)).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /// What is in the test's space.
  static final class Recalled {
    private Recalled() {}

    static List<String> all(TestServer server) {
      RecallQuery everything =
          new RecallQuery(
              Client.SPACE,
              null,
              null,
              MemoryFilter.NONE,
              RecallQuery.MAX_RESULTS,
              -1f,
              Long.MAX_VALUE,
              false,
              false);
      return server.memories.recall(everything).results().stream()
          .map(result -> result.memory().id().value())
          .toList();
    }
  }
}
