package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.transport.Link;
import dev.myelin.client.transport.Loop;
import dev.myelin.client.wire.Codec;
import dev.myelin.client.wire.Opening;
import dev.myelin.client.wire.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries a stream's observations over one connection after the other, until all have a verdict.
///
/// **Order.** Observations are written in the order in which they came, under dense numbers; the
/// server answers in the same order. **Exactly once.** What has no verdict when a connection breaks
/// is kept; the server says on resume which numbers it has settled, and only the rest is sent
/// again. **Threads.** Everything here runs on the stream's loop.
final class Courier implements Connection.User, Receiver.Session {
  private enum Phase {
    CONNECTING,
    OPEN,
    WAITING,
    ENDED
  }

  /// What a courier works with.
  ///
  /// @param opener makes a connection and tells the listener
  /// @param settled called once for every observation that got its verdict or failed
  record Equipment(
      Loop loop, Codec codec, Consumer<Link.Listener> opener, Backoff backoff, Runnable settled) {}

  private final Loop loop;
  private final StreamOptions options;

  private final Outbox outbox = new Outbox();
  private final Asks asks = new Asks();
  private final Pause pause = new Pause();
  private final Reconnection reconnection;
  private final Connection connection;
  private final Pump pump;
  private final SendWindow window;
  private final Settlement settlement;
  private final Sender sender;
  private final Receiver receiver;

  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Long> finished = new CompletableFuture<>();

  private Phase phase = Phase.WAITING;
  private Loop.@Nullable Timer timer;
  private volatile String session;

  Courier(Equipment equipment, ClientOptions clientOptions, StreamOptions options) {
    this.loop = equipment.loop();
    this.options = options;
    this.session = options.resume();
    reconnection = new Reconnection(loop, equipment.backoff(), clientOptions.retry().giveUpAfter());
    connection = new Connection(equipment, clientOptions, this);
    pump = new Pump(loop, this::write, this::lost);
    window = new SendWindow(loop, options.maxInFlight(), pump::now);
    settlement =
        new Settlement(
            outbox, window, options.retries(), reconnection::progress, equipment.settled());
    sender = new Sender(equipment.codec(), outbox, asks, window, pause, settlement);
    receiver = new Receiver(settlement, asks, window, pause, pump, options.listener(), this);
  }

  // What the stream asks for.

  void start() {
    reconnection.begin();
    connect();
  }

  /// Completes when the first session is open.
  CompletableFuture<Void> ready() {
    return ready;
  }

  /// Completes with the last settled number when the stream is closed and everything settled; fails
  /// with the reason if it ended otherwise.
  CompletableFuture<Long> finished() {
    return finished;
  }

  String session() {
    return session;
  }

  long settled() {
    return settlement.last();
  }

  void add(Pending pending) {
    if (phase == Phase.ENDED) {
      settlement.fail(pending, endReason());
    } else {
      outbox.add(pending);
    }
  }

  void ask(Ask ask) {
    if (phase == Phase.ENDED) {
      ask.completeExceptionally(endReason());
      return;
    }
    ask.after = outbox.lastTicket();
    asks.add(ask);
    pump();
  }

  void pause(boolean wanted, CompletableFuture<Void> done) {
    if (phase == Phase.ENDED) {
      done.completeExceptionally(endReason());
      return;
    }
    pause.set(wanted, done);
    if (phase == Phase.OPEN) {
      sender.sendPause();
      pump();
    }
  }

  void close() {
    sender.close();
    pump();
  }

  void abort() {
    end(new MyelinException(MyelinException.CLOSED, "The stream was closed.", null));
  }

  /// Writes what may be written now.
  void pump() {
    pump.now();
  }

  private void write() {
    if (phase == Phase.OPEN) {
      sender.write();
    } else if (phase == Phase.WAITING && sender.isThrough()) {
      finish();
    }
  }

  // Connections.

  private void connect() {
    phase = Phase.CONNECTING;
    connection.make();
  }

  @Override
  public void connected(Link link) {
    sender.init(
        link,
        new Opening(
            options.space(),
            session,
            options.maxInFlight(),
            options.batchedAcks(),
            options.indexedAcks()));
  }

  @Override
  public void opened(Link link, Reply.Opened reply) {
    boolean resumed = !session.isEmpty() && session.equals(reply.session());
    phase = Phase.OPEN;
    session = reply.session();
    window.reset();
    reconnection.opened();
    settlement.opened(resumed, reply.settled());
    options.listener().connected(session, reply.settled(), resumed);
    ready.complete(null);
    sender.attach(link);
    pump();
  }

  @Override
  public void received(Reply reply) {
    receiver.take(reply);
  }

  @Override
  public void alive() {
    reconnection.progress();
  }

  @Override
  public void writable() {
    pump();
  }

  @Override
  public void disconnected(MyelinException reason) {
    sender.detach();
    pump.lost(reason);
  }

  /// The connection is gone, or of no more use: waits, and makes another.
  @Override
  public void lost(MyelinException reason) {
    if (phase == Phase.ENDED || phase == Phase.WAITING) {
      return;
    }
    if (phase == Phase.OPEN) {
      reconnection.begin();
    }
    reconnection.lost(reason);
    drop();
    if (sender.disconnected()) {
      finish();
    } else if (reconnection.isHopeless(reason)) {
      end(reason);
    } else {
      phase = Phase.WAITING;
      Duration wait = reconnection.nextWait(reason);
      options.listener().disconnected(reason, wait);
      timer = loop.schedule(wait, this::connect);
    }
  }

  private void drop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    window.cancel();
    sender.detach();
    connection.drop();
  }

  @Override
  public void closed(Reply.Status status) {
    if (sender.hasSentClose()) {
      settlement.closed(status.settled());
      finish();
    } else {
      lost(MyelinException.unavailable("The server closed the session: " + status.text(), null));
    }
  }

  // The end.

  @Override
  public void failed(RuntimeException fault) {
    end(new MyelinException("internal", "The stream failed: " + fault + ".", null, fault));
  }

  private void finish() {
    phase = Phase.ENDED;
    drop();
    finished.complete(settlement.last());
    pause.answered();
    settlement.failAll(endReason());
  }

  private void end(MyelinException reason) {
    if (phase == Phase.ENDED) {
      return;
    }
    phase = Phase.ENDED;
    drop();
    finished.completeExceptionally(reason);
    ready.completeExceptionally(reason);
    settlement.failAll(reason);
    asks.failAll(reason);
    pause.fail(reason);
  }

  private MyelinException endReason() {
    return finished.isCompletedExceptionally()
            && finished.exceptionNow() instanceof MyelinException reason
        ? reason
        : new MyelinException(MyelinException.CLOSED, "The stream is closed.", null);
  }
}
