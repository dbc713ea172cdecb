package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Recollection;
import dev.myelin.client.model.Verdict;
import dev.myelin.client.transport.Link;
import dev.myelin.client.transport.Loop;
import dev.myelin.client.wire.Codec;
import dev.myelin.client.wire.Opening;
import dev.myelin.client.wire.Reply;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries a stream's observations over one connection after the other, until all have a verdict.
///
/// **Order.** Observations are written in the order in which they came, under dense numbers; the
/// server answers in the same order. **Exactly once.** What has no verdict when a connection breaks
/// is kept; the server says on resume which numbers it has settled, and only the rest is sent
/// again. **Threads.** Everything here runs on the stream's loop.
final class Courier implements Link.Listener {
  /// What no new connection would mend at all; anything but a temporary failure may have its cause
  /// in what is sent, and is tried a few times only.
  private static final Set<String> FINAL =
      Set.of(
          MyelinException.UNAUTHENTICATED,
          MyelinException.TAKEN_OVER,
          MyelinException.PROTOCOL,
          "permission_denied",
          "invalid_space",
          "unsupported");

  private static final int MAX_FAULTS = 5;
  private static final Duration DEFAULT_HOLD = Duration.ofMillis(100);
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(10);

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

  private final Equipment equipment;
  private final Loop loop;
  private final Codec codec;
  private final ClientOptions clientOptions;
  private final StreamOptions options;

  private final Outbox outbox = new Outbox();
  private final ArrayDeque<Ask> asks = new ArrayDeque<>();
  private final ArrayDeque<Ask> asked = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> flowWaiters = new ArrayList<>();

  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Long> finished = new CompletableFuture<>();

  private Phase phase = Phase.WAITING;
  private @Nullable Link link;
  private Loop.@Nullable Timer timer;
  private Loop.@Nullable Timer holdTimer;
  private volatile String session;
  private volatile long settled;
  private int window;
  private long heldUntil;
  private long lastSign;
  private long lostSince;
  private int faults;
  private boolean everOpened;
  private boolean paused;
  private boolean usedPause;
  private boolean closing;
  private boolean closeSent;
  private boolean pumping;
  private boolean pumpAgain;
  private @Nullable MyelinException lostWhilePumping;
  private boolean pumpPlanned;

  Courier(Equipment equipment, ClientOptions clientOptions, StreamOptions options) {
    this.equipment = equipment;
    this.loop = equipment.loop();
    this.codec = equipment.codec();
    this.clientOptions = clientOptions;
    this.options = options;
    this.session = options.resume();
    this.window = options.maxInFlight();
  }

  // What the stream asks for.

  void start() {
    lostSince = loop.nanoTime();
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
    return settled;
  }

  void add(Pending pending) {
    if (phase == Phase.ENDED) {
      fail(pending, endReason());
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
    asks.addLast(ask);
    pump();
  }

  void pause(boolean wanted, CompletableFuture<Void> done) {
    if (phase == Phase.ENDED) {
      done.completeExceptionally(endReason());
      return;
    }
    paused = wanted;
    usedPause = true;
    flowWaiters.add(done);
    if (phase == Phase.OPEN) {
      sendPause();
      pump();
    }
  }

  void close() {
    closing = true;
    if (paused) {
      paused = false;
      sendPause();
    }
    pump();
  }

  void abort() {
    end(new MyelinException(MyelinException.CLOSED, "The stream was closed.", null));
  }

  private MyelinException endReason() {
    return finished.isCompletedExceptionally()
            && finished.exceptionNow() instanceof MyelinException reason
        ? reason
        : new MyelinException(MyelinException.CLOSED, "The stream is closed.", null);
  }

  // Connections.

  private void connect() {
    phase = Phase.CONNECTING;
    equipment.opener().accept(this);
  }

  @Override
  public void connected(Link made) {
    if (phase != Phase.CONNECTING) {
      made.close();
      return;
    }
    link = made;
    lastSign = loop.nanoTime();
    timer = loop.schedule(clientOptions.connectTimeout(), this::notOpened);
    ByteBuf frame = made.begin(256);
    codec.init(
        frame,
        new Opening(
            options.space(),
            session,
            options.maxInFlight(),
            options.batchedAcks(),
            options.indexedAcks()));
    made.end(frame);
    made.flush();
  }

  private void notOpened() {
    lost(
        new MyelinException(
            MyelinException.TIMEOUT, "The server did not open a session in time.", null));
  }

  private void opened(Reply.Opened reply) {
    boolean resumed = !session.isEmpty() && session.equals(reply.session());
    cancelTimer();
    phase = Phase.OPEN;
    session = reply.session();
    window = options.maxInFlight();
    heldUntil = 0;
    everOpened = true;
    for (Pending pending : outbox.opened(resumed, reply.settled())) {
      verdict(pending, new Verdict(pending.sequence, pending.id, null, false, true));
    }
    settled = outbox.settled();
    options.listener().connected(session, reply.settled(), resumed);
    ready.complete(null);
    watch();
    if (usedPause) {
      sendPause();
    }
    pump();
  }

  private void watch() {
    timer = loop.schedule(clientOptions.watchdog().dividedBy(3), this::lookForLife);
  }

  private void lookForLife() {
    if (phase != Phase.OPEN || link == null) {
      return;
    }
    Duration silence = Duration.ofNanos(loop.nanoTime() - lastSign);
    if (silence.compareTo(clientOptions.watchdog()) > 0) {
      lost(
          new MyelinException(
              MyelinException.TIMEOUT,
              "No sign of life from the server for " + silence.toMillis() + " ms.",
              null));
      return;
    }
    progress();
    if (silence.multipliedBy(4).compareTo(clientOptions.watchdog()) > 0) {
      link.ping();
    }
    watch();
  }

  @Override
  public void alive() {
    lastSign = loop.nanoTime();
  }

  @Override
  public void writable() {
    pump();
  }

  /// A write may tell of the loss before it returns: then what is being written is finished first,
  /// so that the outbox never changes in the middle of it.
  @Override
  public void disconnected(MyelinException reason) {
    link = null;
    if (pumping) {
      lostWhilePumping = reason;
    } else {
      lost(reason);
    }
  }

  /// The connection is gone, or of no more use: waits, and makes another.
  private void lost(MyelinException reason) {
    if (phase == Phase.ENDED || phase == Phase.WAITING) {
      return;
    }
    if (phase == Phase.OPEN) {
      lostSince = loop.nanoTime();
    }
    if (!reason.isTemporary()) {
      faults++;
    }
    drop();
    outbox.disconnected();
    while (!asked.isEmpty()) {
      Ask ask = asked.removeLast();
      ask.found.clear();
      asks.addFirst(ask);
    }
    if (closeSent && outbox.isEmpty() && asks.isEmpty()) {
      finish();
    } else if (isHopeless(reason)) {
      end(reason);
    } else {
      retry(reason);
    }
  }

  private boolean isHopeless(MyelinException reason) {
    boolean tooLong = loop.nanoTime() - lostSince > clientOptions.retry().giveUpAfter().toNanos();
    return FINAL.contains(reason.code()) || !everOpened || tooLong || faults >= MAX_FAULTS;
  }

  private void retry(MyelinException reason) {
    phase = Phase.WAITING;
    closeSent = false;
    Duration wait = equipment.backoff().next();
    Duration asked = reason.retryAfter().orElse(Duration.ZERO);
    wait = wait.compareTo(asked) < 0 ? asked : wait;
    options.listener().disconnected(reason, wait);
    timer = loop.schedule(wait, this::connect);
  }

  private void drop() {
    cancelTimer();
    Link old = link;
    link = null;
    if (old != null) {
      old.close();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (holdTimer != null) {
      holdTimer.cancel();
      holdTimer = null;
    }
  }

  // Writing.

  /// Writes what may be written, once all that was read with the current frame is taken in.
  private void pumpSoon() {
    if (!pumpPlanned) {
      pumpPlanned = true;
      loop.execute(() -> {
        pumpPlanned = false;
        pump();
      });
    }
  }

  /// Writes what may be written now. A flush may tell of room before it returns, so this may be
  /// called while it runs.
  void pump() {
    pumpAgain = true;
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (pumpAgain) {
        pumpAgain = false;
        writeAll();
      }
    } finally {
      pumping = false;
    }
    MyelinException reason = lostWhilePumping;
    lostWhilePumping = null;
    if (reason != null) {
      lost(reason);
    }
  }

  private void writeAll() {
    Link way = link;
    if (phase != Phase.OPEN || way == null) {
      if (closing && phase == Phase.WAITING && outbox.isEmpty() && asks.isEmpty()) {
        finish();
      }
      return;
    }
    sendAsks(way);
    while (mayWrite(way)) {
      write(way);
      sendAsks(way);
    }
    way.flush();
    if (isOpen(way)
        && closing
        && !closeSent
        && outbox.isEmpty()
        && asks.isEmpty()
        && asked.isEmpty()) {
      closeSent = true;
      ByteBuf frame = way.begin(64);
      codec.close(frame);
      way.end(frame);
      way.flush();
    }
  }

  private boolean mayWrite(Link way) {
    if (!isOpen(way)
        || paused
        || closeSent
        || outbox.peek() == null
        || outbox.inFlight() >= window
        || isHeld()) {
      return false;
    }
    if (way.isFull()) {
      way.flush();
      return isOpen(way) && !way.isFull();
    }
    return true;
  }

  /// Whether a connection is still the one to write to.
  private boolean isOpen(Link way) {
    return phase == Phase.OPEN && way.equals(link);
  }

  private boolean isHeld() {
    long rest = heldUntil == 0 ? 0 : heldUntil - loop.nanoTime();
    if (rest <= 0) {
      heldUntil = 0;
      return false;
    }
    if (holdTimer == null) {
      holdTimer =
          loop.schedule(
              Duration.ofNanos(rest),
              () -> {
                holdTimer = null;
                pump();
              });
    }
    return true;
  }

  private void write(Link way) {
    Pending pending = outbox.peek();
    if (pending == null) {
      return;
    }
    ByteBuf frame = way.begin(codec.sizeOf(pending.observation));
    try {
      codec.observation(
          frame, pending.observation, pending.id, outbox.nextSequence(), pending.priority);
    } catch (RuntimeException e) {
      way.discard(frame);
      fail(
          outbox.giveUp(),
          new MyelinException(
              "invalid_episode", "The observation cannot be written: " + e.getMessage(), null, e));
      return;
    }
    way.end(frame);
    outbox.wrote();
  }

  private void sendAsks(Link way) {
    Ask next = asks.peekFirst();
    while (isOpen(way) && next != null && (paused || outbox.hasWritten(next.after))) {
      asks.removeFirst();
      asked.addLast(next);
      ByteBuf frame = way.begin(256 + next.query.embedding().dimension() * Float.BYTES);
      codec.recall(frame, next.requestId, next.query);
      way.end(frame);
      next = asks.peekFirst();
    }
  }

  private void sendPause() {
    if (link != null) {
      ByteBuf frame = link.begin(64);
      codec.pause(frame, paused);
      link.end(frame);
      link.flush();
    }
  }

  // Reading.

  @Override
  public void received(ByteBuffer frame) {
    lastSign = loop.nanoTime();
    Reply reply;
    try {
      reply = codec.decode(frame);
    } catch (MyelinException e) {
      lost(e);
      return;
    }
    try {
      if (phase == Phase.CONNECTING) {
        greet(reply);
      } else if (phase == Phase.OPEN) {
        take(reply);
      }
    } catch (RuntimeException e) {
      // A listener that throws, or a fault of ours: nobody may wait for ever.
      end(new MyelinException("internal", "The stream failed: " + e + ".", null, e));
    }
  }

  private void greet(Reply reply) {
    switch (reply) {
      case Reply.Opened opened -> opened(opened);
      case Reply.Failed failed -> lost(failed.reason());
      default -> {
        // Nothing else counts before the session is open.
      }
    }
  }

  private void take(Reply reply) {
    switch (reply) {
      case Reply.Accepted accepted -> accepted(accepted);
      case Reply.Range range -> range(range);
      case Reply.Rejected rejected -> rejected(rejected);
      case Reply.Indexed indexed ->
          options.listener().indexed(indexed.sequence(), indexed.memoryId());
      case Reply.Status status -> status(status);
      case Reply.Found found -> found(found);
      case Reply.Failed failed -> failed(failed);
      case Reply.Opened _, Reply.Heartbeat _, Reply.Unknown _ -> {
        // A sign of life, which is noted already.
      }
    }
  }

  private void accepted(Reply.Accepted reply) {
    Pending pending = settle(reply.sequence());
    if (pending != null) {
      verdict(
          pending,
          new Verdict(
              reply.sequence(), reply.memoryId(), reply.committedAt(), reply.replaced(), false));
      pumpSoon();
    }
  }

  private void range(Reply.Range reply) {
    Map<Long, Reply.Rejected> rejected = new HashMap<>();
    for (Reply.Rejected each : reply.rejected()) {
      rejected.put(each.sequence(), each);
    }
    for (long sequence = reply.from(); sequence <= reply.to(); sequence++) {
      Pending pending = settle(sequence);
      if (pending == null) {
        return;
      }
      Reply.Rejected refusal = rejected.get(sequence);
      if (refusal == null) {
        verdict(pending, new Verdict(sequence, pending.id, reply.committedAt(), false, false));
      } else {
        refused(pending, refusal.reason());
      }
    }
    pumpSoon();
  }

  private void rejected(Reply.Rejected reply) {
    Pending pending = settle(reply.sequence());
    if (pending != null) {
      refused(pending, reply.reason());
      pumpSoon();
    }
  }

  /// The observation that a verdict is on; null, and a new connection, if it is on none.
  private @Nullable Pending settle(long sequence) {
    Pending pending = outbox.settle(sequence);
    if (pending == null) {
      lost(
          new MyelinException(
              "sequence_gap",
              "The server's verdict on number " + sequence + " is out of order.",
              null));
      return null;
    }
    settled = sequence;
    progress();
    return pending;
  }

  /// This connection is good for something.
  private void progress() {
    faults = 0;
    equipment.backoff().reset();
  }

  private void verdict(Pending pending, Verdict verdict) {
    equipment.settled().run();
    pending.complete(verdict);
  }

  private void refused(Pending pending, MyelinException reason) {
    boolean later = reason.isTemporary() || reason.code().equals("session_paused");
    if (later && pending.refusals < options.retries()) {
      outbox.again(pending);
      hold(reason.retryAfter().orElse(DEFAULT_HOLD));
    } else {
      fail(pending, reason);
    }
  }

  private void fail(Pending pending, MyelinException reason) {
    equipment.settled().run();
    pending.completeExceptionally(reason);
  }

  private void hold(Duration wait) {
    Duration bounded = wait.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : wait;
    heldUntil = Math.max(1, loop.nanoTime() + bounded.toNanos());
  }

  private void status(Reply.Status status) {
    switch (status.state()) {
      case ACTIVE -> {
        window = options.maxInFlight();
        tellPressure(status);
        flowAnswered();
      }
      case PAUSED -> flowAnswered();
      case BACKPRESSURE -> {
        window = Math.max(1, window / 2);
        tellPressure(status);
      }
      case OVERLOADED -> {
        window = Math.max(1, window / 2);
        hold(status.retryAfter() == null ? DEFAULT_HOLD : status.retryAfter());
        tellPressure(status);
      }
      case CLOSED -> {
        closed(status);
        return;
      }
      case ERROR, UNKNOWN -> {
        // What it concerns is answered by itself.
      }
    }
    pump();
  }

  private void tellPressure(Reply.Status status) {
    options.listener().pressure(status.pressure(), window);
  }

  private void flowAnswered() {
    List<CompletableFuture<Void>> waiters = List.copyOf(flowWaiters);
    flowWaiters.clear();
    waiters.forEach(waiter -> waiter.complete(null));
  }

  private void closed(Reply.Status status) {
    if (closeSent) {
      settled = Math.max(settled, status.settled());
      finish();
    } else {
      lost(MyelinException.unavailable("The server closed the session: " + status.text(), null));
    }
  }

  private void found(Reply.Found reply) {
    Ask ask = asked.peekFirst();
    if (ask == null || !ask.requestId.equals(reply.requestId())) {
      return;
    }
    ask.found.addAll(reply.memories());
    if (!reply.more()) {
      asked.removeFirst();
      ask.complete(
          new Recollection(ask.found, reply.snapshotSequence(), reply.considered(), reply.took()));
      pumpSoon();
    }
  }

  /// Replies come in the order of the requests, so an error that names no observation is on the
  /// oldest recall, if there is one.
  private void failed(Reply.Failed reply) {
    Ask ask = asked.peekFirst();
    if (FINAL.contains(reply.reason().code()) && ask == null) {
      lost(reply.reason());
    } else if (reply.sequence() > 0) {
      lost(reply.reason());
    } else if (ask != null) {
      asked.removeFirst();
      ask.completeExceptionally(reply.reason());
      pump();
    } else {
      lost(reply.reason());
    }
  }

  // The end.

  private void finish() {
    phase = Phase.ENDED;
    drop();
    finished.complete(settled);
    flowAnswered();
    outbox.clear().forEach(pending -> fail(pending, endReason()));
  }

  private void end(MyelinException reason) {
    if (phase == Phase.ENDED) {
      return;
    }
    phase = Phase.ENDED;
    drop();
    finished.completeExceptionally(reason);
    ready.completeExceptionally(reason);
    outbox.clear().forEach(pending -> fail(pending, reason));
    asked.addAll(asks);
    asks.clear();
    asked.forEach(ask -> ask.completeExceptionally(reason));
    asked.clear();
    flowWaiters.forEach(waiter -> waiter.completeExceptionally(reason));
    flowWaiters.clear();
  }
}
