package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.model.ErrorCode;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/// A disk that fails again and again: a client that does what the failures say gets every number
/// acknowledged once, and every memory is there once.
class FailureProperties {
  private static final int NUMBERS = 200;
  private static final List<Lane> LANES = List.of(Lane.values());

  @Property(tries = 15)
  void nothingIsLostOrDoubled(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int window,
      @ForAll @IntRange(min = 0, max = 30) int failsPercent,
      @ForAll @IntRange(min = 0, max = 10) int refusesPercent,
      @ForAll boolean mixedLanes) {
    Folders.inNew(folder -> {
      try (TestServer server = new TestServer(folder)) {
        server.journal.fails = chance(seed, failsPercent);
        server.journal.refuses = chance(seed + 1, refusesPercent);
        Sender sender = new Sender(server, new Random(seed), window, mixedLanes);
        sender.sendAll(folder);
        assertThat(sender.told).hasSize(NUMBERS);
        assertThat(SequenceProperties.Recalled.all(server))
            .hasSize(NUMBERS)
            .doesNotHaveDuplicates();
        long records =
            server.journal.end(StreamName.of(Client.SPACE)).map(StreamEnd::lastOffset).orElse(0L);
        assertThat(records).isEqualTo(NUMBERS);
      }
    });
  }

  private static BooleanSupplier chance(long seed, int percent) {
    Random random = new Random(seed);
    return () -> {
      synchronized (random) {
        return random.nextInt(100) < percent;
      }
    };
  }

  /// Sends some, waits for all answers, goes back to the first that failed. Now and then its
  /// connection breaks.
  private static final class Sender {
    private final TestServer server;
    private final Random random;
    private final int window;
    private final boolean mixedLanes;
    private final TreeSet<Long> told = new TreeSet<>();
    private Client client;

    Sender(TestServer server, Random random, int window, boolean mixedLanes) {
      this.server = server;
      this.random = random;
      this.window = window;
      this.mixedLanes = mixedLanes;
      this.client = server.client();
      client.init();
    }

    void sendAll(Path folder) {
      long next = 1;
      while (next <= NUMBERS) {
        long last = Math.min(NUMBERS, next + window - 1);
        for (long sequence = next; sequence <= last; sequence++) {
          client.observe(
              sequence, mixedLanes ? LANES.get(random.nextInt(LANES.size())) : Lane.NORMAL);
        }
        int luck = random.nextInt(20);
        if (luck < 2) {
          next = resume(luck == 0 ? folder : null, last) + 1;
        } else {
          next = listen(next, last);
        }
      }
    }

    private long resume(@Nullable Path restart, long sent) {
      boolean kept = !told.isEmpty();
      Client old = client;
      if (restart == null) {
        old.disconnect();
      } else {
        BooleanSupplier fails = server.journal.fails;
        BooleanSupplier refuses = server.journal.refuses;
        server.restart(restart);
        server.journal.fails = fails;
        server.journal.refuses = refuses;
      }
      client = server.client();
      long floor = client.resume(old.session()).initialSequence();
      if (kept || restart == null) {
        assertThat(client.session()).isEqualTo(old.session());
      }
      long highest = told.isEmpty() ? 0 : told.last();
      assertThat(floor).isBetween(highest, sent);
      for (long sequence = 1; sequence <= floor; sequence++) {
        told.add(sequence);
      }
      return floor;
    }

    /// The number to go on with.
    private long listen(long first, long last) {
      long failed = 0;
      for (long sequence = first; sequence <= last; sequence++) {
        switch (client.next()) {
          case Accepted ack -> {
            assertThat(failed).isZero();
            assertThat(ack.sequence()).isEqualTo(sequence);
            assertThat(told.add(sequence)).isTrue();
          }
          case Failure failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
            assertThat(failure.sequence()).isEqualTo(sequence);
            failed = failed == 0 ? sequence : failed;
          }
          case ServerMessage other -> throw new AssertionError("unexpected: " + other);
        }
      }
      return failed == 0 ? last + 1 : failed;
    }
  }
}
