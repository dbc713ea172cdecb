package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.Recollection;
import dev.myelin.client.model.Verdict;
import dev.myelin.client.transport.Loop;
import dev.myelin.client.transport.Network;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// A stream of observations into one space. Any thread; observations of one thread keep their
/// order.
///
/// **Credit.** At most [StreamOptions#maxInFlight()] observations are under way, so that neither
/// side grows: [#observe(Observation)] waits for credit, [#offer(Observation)] does not. **Exactly
/// once.** A broken connection is made anew and the session resumed: nothing that was taken is
/// lost, and nothing is remembered twice. **Futures** complete on the stream's own thread: what
/// depends on them must be quick and must not block (which `observe` and `close` do).
public final class ObservationStream implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BITS = 80;
  private static final int RADIX = 36;

  private final Courier courier;
  private final Loop loop;
  private final StreamOptions options;
  private final Duration closeTimeout;
  private final Semaphore credit;
  private final ConcurrentLinkedQueue<Pending> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final AtomicLong made = new AtomicLong();
  private final String idPrefix = new BigInteger(ID_BITS, RANDOM).toString(RADIX) + "-";
  private volatile boolean closed;

  ObservationStream(
      Courier courier, Loop loop, Semaphore credit, Duration closeTimeout, StreamOptions options) {
    this.courier = courier;
    this.loop = loop;
    this.options = options;
    this.closeTimeout = closeTimeout;
    this.credit = credit;
  }

  /// Sends an observation, and waits for credit if there is none. The future completes when the
  /// memory is durable and visible; it fails with a [MyelinException] if the server refused it or
  /// the stream ended.
  ///
  /// @throws MyelinException CLOSED if the stream is closed, or the thread interrupted
  /// @throws IllegalStateException on the stream's own thread: it would wait for itself
  public CompletableFuture<Verdict> observe(Observation observation) {
    if (!credit.tryAcquire()) {
      if (Network.isEventLoop()) {
        throw new IllegalStateException("observe blocks (expected: offer, in a callback)");
      }
      try {
        credit.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MyelinException(
            MyelinException.CLOSED, "Interrupted while waiting for credit.", null, e);
      }
    }
    return send(observation);
  }

  /// Sends an observation if there is credit; empty, at once, if there is none.
  ///
  /// @throws MyelinException CLOSED if the stream is closed
  public Optional<CompletableFuture<Verdict>> offer(Observation observation) {
    return credit.tryAcquire() ? Optional.of(send(observation)) : Optional.empty();
  }

  private CompletableFuture<Verdict> send(Observation observation) {
    if (closed) {
      credit.release();
      throw new MyelinException(MyelinException.CLOSED, "The stream is closed.", null);
    }
    Pending pending =
        new Pending(
            observation,
            observation
                .id()
                .orElseGet(() -> idPrefix + Long.toString(made.incrementAndGet(), RADIX)),
            observation.priority().orElse(options.priority()));
    arrivals.add(pending);
    if (awake.compareAndSet(false, true)) {
      loop.execute(this::takeArrivals);
    }
    return pending;
  }

  /// Takes over what came, all at once: many observations cost one task, and one flush.
  private void takeArrivals() {
    awake.set(false);
    Pending next = arrivals.poll();
    while (next != null) {
      courier.add(next);
      next = arrivals.poll();
    }
    courier.pump();
  }

  /// How many more observations can be sent without waiting.
  public int credit() {
    return credit.availablePermits();
  }

  /// Looks for memories. The answer sees every observation that was sent on this stream before.
  ///
  /// @param query its space may be empty: the stream's own
  public CompletableFuture<Recollection> recall(RecallQuery query) {
    Ask ask = new Ask(Long.toString(made.incrementAndGet(), RADIX), query);
    loop.execute(() -> {
      takeArrivals();
      courier.ask(ask);
    });
    return ask;
  }

  /// Stops sending; completes when the server knows. What is sent meanwhile waits, within the
  /// credit.
  public CompletableFuture<Void> pause() {
    return flow(true);
  }

  /// Goes on sending; completes when the server knows.
  public CompletableFuture<Void> resume() {
    return flow(false);
  }

  private CompletableFuture<Void> flow(boolean paused) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      takeArrivals();
      courier.pause(paused, done);
    });
    return done;
  }

  /// The session's id: with it another stream can go on where this one ended.
  public String session() {
    return courier.session();
  }

  /// The last number that has its verdict.
  public long settled() {
    return courier.settled();
  }

  /// Takes no more observations, waits until all have their verdict, and ends the session;
  /// completes with the last number. Fails with the reason if the stream ended otherwise.
  public CompletableFuture<Long> drain() {
    closed = true;
    loop.execute(() -> {
      takeArrivals();
      courier.close();
    });
    return courier.finished().copy();
  }

  /// Ends the connection at once. What has no verdict fails with CLOSED; the session can be
  /// resumed.
  public void abort() {
    closed = true;
    loop.execute(() -> {
      takeArrivals();
      courier.abort();
    });
  }

  /// Completes when the stream has ended, for whatever reason.
  public CompletableFuture<Void> ended() {
    return courier.finished().handle((_, _) -> null);
  }

  /// As [#drain()], and waits for it.
  ///
  /// @throws MyelinException TIMEOUT if not everything was settled within
  ///   [ClientOptions#closeTimeout()], or the reason why the stream had ended before
  @Override
  public void close() {
    try {
      drain().get(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw asMyelin(e);
    } catch (TimeoutException e) {
      abort();
      throw new MyelinException(
          MyelinException.TIMEOUT, "Not all observations were settled in time.", null, e);
    } catch (InterruptedException e) {
      abort();
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException asMyelin(ExecutionException e) {
    return e.getCause() instanceof MyelinException known ? known : new CompletionException(e);
  }
}
