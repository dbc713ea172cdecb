package dev.myelin.memory.embedding;

import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives texts that came without an embedding theirs, on one thread of its own.
///
/// A text is embedded within milliseconds where the model keeps up, and none is forgotten where it
/// does not, nor in a crash, because the journal knows what waits. While acknowledgements are under
/// pressure it holds back, though never for longer than a second a batch. When the embedder cannot
/// be reached, or the disk fails, it tries again after a random pause that doubles up to a minute.
/// A text that the model refuses for good stays found by its words.
public final class BackgroundEmbedding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundEmbedding.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(1);
  private static final Duration HOLD_STEP = Duration.ofMillis(20);

  private final WaitingTexts texts;
  private final Embedder embedder;
  private final BooleanSupplier busy;
  private final InstantSource clock;
  private final Duration firstPause;
  private final Backlog backlog;
  private final Counter embedded;
  private final Counter refused;
  private final Counter retried;
  private final Timer time;
  private final Timer lag;
  private final Thread thread;
  private volatile boolean closed;

  /// How much at once, and how patient.
  ///
  /// @param batchSize texts embedded at once
  /// @param firstPause after a failure
  /// @param look how long to be idle before the journal is asked again what waits
  /// @param busy whether acknowledgements should go first now; asked before every batch
  public record Options(int batchSize, Duration firstPause, Duration look, BooleanSupplier busy) {
    public static Options of(EmbeddingConfig config, BooleanSupplier busy) {
      return new Options(config.batchSize(), Duration.ofMillis(500), Duration.ofSeconds(30), busy);
    }
  }

  private BackgroundEmbedding(
      WaitingTexts texts,
      Embedder embedder,
      Options options,
      InstantSource clock,
      MeterRegistry meters) {
    this.texts = texts;
    this.embedder = embedder;
    busy = options.busy;
    this.clock = clock;
    firstPause = options.firstPause;
    backlog = new Backlog(options.batchSize, options.look);
    embedded = meters.counter("myelin.embedding.texts", "result", "embedded");
    refused = meters.counter("myelin.embedding.texts", "result", "refused");
    retried = meters.counter("myelin.embedding.retries");
    time = meters.timer("myelin.embedding.batch");
    lag =
        Timer.builder("myelin.embedding.lag")
            .description("From the commit of a text to its embedding")
            .publishPercentileHistogram()
            .maximumExpectedValue(Duration.ofHours(1))
            .register(meters);
    thread = Thread.ofPlatform().name("embed-background").daemon().unstarted(this::run);
  }

  /// Begins with what the journal says is waiting. Does not own the embedder.
  public static BackgroundEmbedding start(
      WaitingTexts texts,
      Embedder embedder,
      Options options,
      InstantSource clock,
      MeterRegistry meters) {
    BackgroundEmbedding background =
        new BackgroundEmbedding(texts, embedder, options, clock, meters);
    texts.listen(background.backlog::add);
    background.thread.start();
    return background;
  }

  private void run() {
    while (!closed) {
      try {
        List<WaitingText> batch = backlog.take(max -> persist(() -> texts.waiting(max)));
        holdBack();
        settle(batch);
      } catch (InterruptedException | Stopped e) {
        LOG.atDebug().log("background embedding ends");
        return;
      } catch (ServiceException e) {
        // Not settled, so the journal still has them: the next look finds them.
        LOG.atError().addKeyValue("reason", e.text()).log("texts stay without embedding for now");
      }
    }
  }

  private void holdBack() throws InterruptedException {
    long held = 0;
    while (held < LONGEST_HOLD.toMillis() && busy.getAsBoolean()) {
      Thread.sleep(HOLD_STEP);
      held += HOLD_STEP.toMillis();
    }
  }

  /// Embeds and writes a batch; comes back when none of it waits any more.
  private void settle(List<WaitingText> batch) throws InterruptedException {
    List<String> passages = batch.stream().map(WaitingText::text).toList();
    List<Embedding> embeddings;
    try {
      embeddings = persist(() -> time.record(() -> embedder.embedPassages(passages)));
    } catch (ServiceException e) {
      refuse(batch, e);
      return;
    }
    CountDownLatch written = new CountDownLatch(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      WaitingText text = batch.get(i);
      Embedding embedding = embeddings.get(i);
      persist(() -> {
        texts.embedded(text, embedder.model(), embedding, written::countDown);
        return text;
      });
    }
    written.await();
    embedded.increment(batch.size());
    Instant now = clock.instant();
    batch.forEach(text -> lag.record(Duration.between(text.committedAt(), now)));
  }

  /// One of them is refused: tries each alone, and gives that one up.
  private void refuse(List<WaitingText> batch, ServiceException reason)
      throws InterruptedException {
    if (batch.size() > 1) {
      for (WaitingText text : batch) {
        settle(List.of(text));
      }
      return;
    }
    WaitingText text = batch.getFirst();
    LOG.atWarn()
        .addKeyValue("space", text.space())
        .addKeyValue("offset", text.offset())
        .addKeyValue("reason", reason.text())
        .log("text stays without embedding");
    CountDownLatch written = new CountDownLatch(1);
    persist(() -> {
      texts.giveUp(text, written::countDown);
      return text;
    });
    written.await();
    refused.increment();
  }

  /// Tries until it succeeds; only a refused text is an answer.
  private <T> T persist(Supplier<T> action) {
    Duration pause = firstPause;
    while (true) {
      try {
        return action.get();
      } catch (ServiceException e) {
        if (e.code() == ErrorCode.UNSUPPORTED) {
          throw e;
        }
        if (closed || e.code() == ErrorCode.SHUTTING_DOWN) {
          throw new Stopped();
        }
        retried.increment();
        report(e, pause);
        sleep(pause);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
      }
    }
  }

  private static void report(ServiceException failure, Duration pause) {
    (failure.code().isTemporary() ? LOG.atWarn() : LOG.atError())
        .addKeyValue("reason", failure.text())
        .addKeyValue("pause", pause)
        .log("background embedding waits");
  }

  private static void sleep(Duration most) {
    long millis = most.toMillis();
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Stopped();
    }
  }

  /// Ends after the batch it is at; what waits is embedded after the next start.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The way out of a retry when the server shuts down.
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("stopped", null, false, false);
    }
  }
}
