package dev.myelin.stream;

import dev.myelin.journal.Lane;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.Principal;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ClientMessage.Observe;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.InitAck;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// Measures the service without a network: so many connections, each with an event loop of its own,
/// over a real journal and a real memory engine. Not a test; run its `main`.
///
/// Arguments: connections, seconds, observations per second of each (0: as fast as answered),
/// dimension, observations in flight.
final class ConnectionLoad {
  private static final int EPISODES = 512;

  private ConnectionLoad() {}

  public static void main(String[] arguments) {
    int connections = argument(arguments, 0, 1);
    int seconds = argument(arguments, 1, 5);
    int rate = argument(arguments, 2, 0);
    int dimension = argument(arguments, 3, 768);
    int inFlight = argument(arguments, 4, 1_000);
    Folders.inNew(folder -> {
      try (var recalls = Executors.newVirtualThreadPerTaskExecutor();
          var journal =
              RocksJournal.open(
                  folder.resolve("journal"),
                  JournalConfig.DEFAULT,
                  InstantSource.system(),
                  new SimpleMeterRegistry());
          var memories =
              MemoryEngine.open(
                  MemoryConfig.DEFAULT,
                  journal,
                  folder.resolve("index"),
                  null,
                  InstantSource.system(),
                  new SimpleMeterRegistry());
          var service =
              ObservationService.open(
                  StreamConfig.DEFAULT,
                  journal,
                  memories,
                  InstantSource.system(),
                  new SimpleMeterRegistry(),
                  recalls)) {
        run(service, new Load(connections, seconds, rate, dimension, inFlight));
      }
    });
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }

  private record Load(int connections, int seconds, int rate, int dimension, int inFlight) {}

  private static void run(ObservationService service, Load load) {
    Duration before = cpu();
    List<Loop> loops = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < load.connections; i++) {
      Loop loop = new Loop(service, load, i);
      loops.add(loop);
      threads.add(Thread.ofPlatform().name("loop-" + i).start(loop));
    }
    long answered = 0;
    long flushes = 0;
    for (int i = 0; i < threads.size(); i++) {
      join(threads.get(i));
      answered += loops.get(i).answered;
      flushes += loops.get(i).flushes;
    }
    long[] nanos =
        loops.stream().flatMapToLong(loop -> Arrays.stream(loop.latencies())).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%s: %,d answered, %,d/s, %.1f per flush, p50 %.2f ms, p99 %.2f ms, most %.2f ms,"
            + " %.1f us of processor each%n",
        load,
        answered,
        answered / load.seconds,
        (double) answered / Math.max(1, flushes),
        at(nanos, 0.5),
        at(nanos, 0.99),
        at(nanos, 1),
        cpu().minus(before).toNanos() / 1e3 / Math.max(1, answered));
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double at(long[] nanos, double share) {
    return nanos.length == 0 ? 0 : nanos[(int) ((nanos.length - 1) * share)] / 1e6;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One event loop with one connection, which sends when it is due.
  private static final class Loop implements Runnable, Peer {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Load load;
    private final Episode[] episodes;
    private final ObservationConnection connection;
    private final SpaceId space;
    private volatile Thread thread = Thread.currentThread();
    private volatile boolean asleep;
    private boolean open;
    private boolean reading = true;
    private long[] sentAt = new long[1 << 20];
    private long[] took = new long[1 << 20];
    private long sent;
    private long answered;
    private long flushes;

    Loop(ObservationService service, Load load, int number) {
      this.load = load;
      this.episodes = episodes(load.dimension, number);
      this.space = SpaceId.parse("load-" + number % 4);
      this.connection = service.connect(this, Principal.ROOT);
    }

    private static Episode[] episodes(int dimension, int seed) {
      Random random = new Random(seed);
      Episode[] episodes = new Episode[EPISODES];
      for (int i = 0; i < EPISODES; i++) {
        float[] values = new float[dimension];
        for (int j = 0; j < dimension; j++) {
          values[j] = random.nextFloat() - 0.5f;
        }
        episodes[i] =
            new Episode(
                null,
                null,
                "User clicked checkout button " + i,
                Embedding.of(values),
                Confidence.DEFAULT,
                Circumstances.NONE);
      }
      return episodes;
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      connection.receive(
          new Init(space, null, new StreamOptions(load.inFlight, false, false, false)));
      long begun = System.nanoTime();
      long end = begun + load.seconds * 1_000_000_000L;
      while (System.nanoTime() < end) {
        boolean idle = true;
        Runnable task = tasks.poll();
        while (task != null) {
          idle = false;
          task.run();
          task = tasks.poll();
        }
        for (int i = 0; i < 64 && isDue(begun); i++) {
          idle = false;
          send();
        }
        if (idle) {
          rest();
        }
      }
    }

    private boolean isDue(long begun) {
      if (!open || !reading) {
        return false;
      }
      return load.rate == 0 || (System.nanoTime() - begun) * (double) load.rate / 1e9 >= sent + 1;
    }

    private void send() {
      if (sent == sentAt.length) {
        sentAt = Arrays.copyOf(sentAt, sentAt.length * 2);
        took = Arrays.copyOf(took, took.length * 2);
      }
      sentAt[(int) sent] = System.nanoTime();
      sent++;
      connection.receive(new Observe(null, sent, Lane.NORMAL, episodes[(int) (sent % EPISODES)]));
    }

    private void rest() {
      asleep = true;
      if (tasks.isEmpty()) {
        LockSupport.parkNanos(load.rate == 0 ? 1_000_000 : 20_000);
      }
      asleep = false;
    }

    long[] latencies() {
      return Arrays.copyOf(took, (int) answered);
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      if (asleep) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void write(ServerMessage message) {
      switch (message) {
        case InitAck _ -> open = true;
        case Accepted ack -> {
          took[(int) answered] = System.nanoTime() - sentAt[(int) ack.sequence() - 1];
          answered++;
        }
        case ServerMessage other -> throw new IllegalStateException("unexpected: " + other);
      }
    }

    @Override
    public void flush() {
      flushes++;
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public void read(boolean wanted) {
      reading = wanted;
    }

    @Override
    public void end(Ending ending) {
      open = false;
    }
  }
}
