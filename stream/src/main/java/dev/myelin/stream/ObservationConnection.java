package dev.myelin.stream;

import dev.myelin.memory.RecallQuery;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage.Close;
import dev.myelin.stream.ClientMessage.Flow;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ClientMessage.Invalid;
import dev.myelin.stream.ClientMessage.Malformed;
import dev.myelin.stream.ClientMessage.Observe;
import dev.myelin.stream.ClientMessage.Recall;
import dev.myelin.stream.Peer.Ending;
import dev.myelin.stream.ServerMessage.Heartbeat;
import dev.myelin.stream.ServerMessage.Indexed;
import dev.myelin.stream.ServerMessage.InitAck;
import dev.myelin.stream.ServerMessage.State;
import dev.myelin.stream.indexing.AwaitedIndexings;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One client's connection to the observation service; confined to its peer's event loop.
///
/// Every request takes a place in `replies`; a reply is written when all earlier ones were. Whoever
/// settles something signals the connection, which runs one task on the event loop, however many
/// signals came: that task writes all replies that are ready and flushes once. What the committer
/// settles is signalled when all of its batch is settled.
public final class ObservationConnection {
  /// A queue of replies that once held more gives its memory back when it is empty.
  private static final int SMALL_QUEUE = 256;

  private enum Phase {
    /// No session yet.
    NEW,
    /// Waits until what another connection had on its way is settled.
    OPENING,
    OPEN,
    /// Takes nothing more, but owes replies.
    CLOSING,
    ENDED
  }

  private final ObservationService service;
  private final Peer peer;
  private final Principal principal;
  private final ReplyWriter writer;
  private final ConnectionFlow flow;
  private final Intake intake;
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final Runnable turn = this::turn;

  private Phase phase = Phase.NEW;
  private ArrayDeque<Reply> replies = new ArrayDeque<>();
  private ArrayDeque<ClientMessage> unread = new ArrayDeque<>(1);
  private int largestQueue;
  private boolean reading = true;
  private int maxInFlight;
  private boolean mayWrite;
  private @Nullable Session session;
  private @Nullable AwaitedIndexings awaited;

  ObservationConnection(ObservationService service, Peer peer, Principal principal) {
    this.service = service;
    this.peer = peer;
    this.principal = principal;
    this.writer = new ReplyWriter(peer, service.metrics(), service.clock());
    this.flow = new ConnectionFlow(writer, service);
    this.intake = new Intake(this, service, flow);
    this.maxInFlight = service.config().defaultInFlight();
  }

  // -- from the transport ----------------------------------------------------------------------

  /// Takes one message. Never blocks, never throws for what a client sent.
  public void receive(ClientMessage message) {
    switch (phase) {
      case NEW, OPEN -> handle(message);
      case OPENING -> unread.add(message);
      case CLOSING, ENDED -> {
        // Whoever closed has nothing to say any more.
      }
    }
  }

  /// The peer has room to write again.
  public void writable() {
    signal();
  }

  /// Sends a heartbeat, unless the client does not even read what it is owed.
  public void heartbeat() {
    if (phase != Phase.ENDED && !writer.isFull()) {
      writer.message(new Heartbeat(session == null ? null : session.id, service.clock().instant()));
      writer.flush();
    }
  }

  /// The client will say nothing more but still listens: what it is owed is written, then the
  /// connection ends. Its session may be resumed until it expires.
  public void inputEnded() {
    if (phase == Phase.NEW || phase == Phase.OPEN) {
      leave(Ending.CLOSED);
    } else if (phase == Phase.OPENING) {
      end(Ending.CLOSED);
    }
  }

  /// The connection is gone: its session may be resumed until it expires.
  public void disconnected() {
    if (phase != Phase.ENDED) {
      detach();
    }
  }

  // -- messages --------------------------------------------------------------------------------

  private void handle(ClientMessage message) {
    switch (message) {
      case Init init -> open(init);
      case Observe observe -> observe(observe);
      case Invalid invalid -> reject(invalid);
      case Malformed malformed -> fail(malformed.requestId(), malformed.reason());
      case Flow request -> steer(request);
      case Recall recall -> recall(recall);
      case Close close -> close(close);
    }
  }

  private void open(Init init) {
    if (session != null) {
      fail(0, ErrorCode.WRONG_STATE, Texts.secondInit(session.id));
      return;
    }
    if (service.isDraining()) {
      fail(0, ErrorCode.SHUTTING_DOWN, Texts.STREAM_ENDS);
      leave(Ending.GOING_AWAY);
      return;
    }
    if (!mayEnter(init.space())) {
      fail(0, ErrorCode.PERMISSION_DENIED, Texts.mayNot(Scope.READ, init.space()));
      return;
    }
    Session resumed = init.resume() == null ? null : service.resume(init.resume(), init, this);
    Session opened = resumed == null ? service.create(init.space(), this) : resumed;
    if (opened == null) {
      int max = service.config().maxSessions();
      fail(0, ErrorCode.TOO_MANY_CONNECTIONS, Texts.tooManySessions(max));
      return;
    }
    session = opened;
    mayWrite = principal.may(Scope.WRITE, opened.space);
    accept(init.options(), opened);
    phase = Phase.OPENING;
    if (resumed == null) {
      opened();
    } else {
      steerReading();
      resumed.whenSettled(() -> peer.execute(this::opened));
    }
  }

  private void accept(StreamOptions options, Session opened) {
    int wanted = options.maxInFlight();
    int max = service.config().maxInFlight();
    maxInFlight = wanted <= 0 ? service.config().defaultInFlight() : Math.min(wanted, max);
    flow.begin(options.backpressure());
    if (options.indexedAcks()) {
      int texts = service.config().maxAwaitedIndexings();
      awaited = service.notices().join(opened.space, texts, this::signal);
    }
    writer.begin(opened.id, options.batchedAcks());
  }

  /// Nothing of the session is unsettled: it goes on here.
  private void opened() {
    Session opened = Objects.requireNonNull(session);
    if (phase != Phase.OPENING || opened.owner() != this) {
      return;
    }
    opened.attach();
    long floor = opened.floor();
    writer.settled(floor);
    phase = Phase.OPEN;
    owe(Reply.of(() -> new InitAck(opened.id, floor, service.capabilities())));
    ArrayDeque<ClientMessage> early = unread;
    unread = new ArrayDeque<>(1);
    early.forEach(this::receive);
    steerReading();
  }

  private void observe(Observe message) {
    Session current = writableFor(message.session(), message.sequence());
    if (current != null) {
      intake.observe(current, message);
    }
  }

  private void reject(Invalid message) {
    Session current = writableFor(message.session(), message.sequence());
    if (current != null) {
      intake.reject(current, message);
    }
  }

  private void steer(Flow request) {
    Session current = sessionFor(request.session(), 0);
    if (current == null) {
      return;
    }
    String text = flow.steer(request.action(), request.bufferRemaining());
    State state = flow.isPaused() ? State.PAUSED : State.ACTIVE;
    owe(Reply.of(() -> flow.status(current.id, state, text)));
  }

  private void recall(Recall message) {
    Session current = session;
    if (current == null) {
      fail(message.requestId(), new ServiceException(ErrorCode.WRONG_STATE, Texts.NO_SESSION));
      return;
    }
    RecallQuery query =
        message.inSessionSpace() ? message.query().withSpace(current.space) : message.query();
    if (!principal.may(Scope.READ, query.space())) {
      String reason = Texts.mayNot(Scope.READ, query.space());
      fail(0, ErrorCode.PERMISSION_DENIED, Texts.recallFailed(message.requestId(), reason));
      return;
    }
    owe(
        new Lookup(
            message.requestId(),
            () ->
                new RecallReply(
                    message.requestId(),
                    service.memories().recall(query),
                    service.config().recallBatch()),
            reason -> Texts.recallFailed(message.requestId(), reason)));
  }

  private void close(Close message) {
    Session current = sessionFor(message.session(), 0);
    if (current == null) {
      return;
    }
    if (message.drain()) {
      phase = Phase.CLOSING;
      owe(Reply.then(_ -> closeNow(current, Texts.CLOSED)));
    } else {
      writeReady();
      closeNow(current, Texts.CLOSED_AT_ONCE);
    }
  }

  private void closeNow(Session current, String text) {
    if (phase == Phase.ENDED || !service.end(current, this)) {
      return; // taken over meanwhile: the fence is on its way
    }
    writer.message(flow.status(current.id, State.CLOSED, text));
    end(Ending.CLOSED);
  }

  /// The session, if there is one and the client means that one.
  private @Nullable Session sessionFor(@Nullable SessionId claimed, long sequence) {
    Session current = session;
    if (current == null) {
      fail(sequence, ErrorCode.WRONG_STATE, Texts.NO_SESSION);
      return null;
    }
    if (claimed != null && !claimed.equals(current.id)) {
      fail(sequence, ErrorCode.SESSION_MISMATCH, Texts.otherSession(current.id, claimed));
      return null;
    }
    return current;
  }

  /// Whether the principal may do anything there, and so may know that it is there.
  boolean mayEnter(SpaceId space) {
    return principal.may(Scope.READ, space);
  }

  /// The session, if observations of the principal may go there.
  private @Nullable Session writableFor(@Nullable SessionId claimed, long sequence) {
    Session current = sessionFor(claimed, sequence);
    if (current != null && !mayWrite) {
      fail(sequence, ErrorCode.PERMISSION_DENIED, Texts.mayNot(Scope.WRITE, current.space));
      return null;
    }
    return current;
  }

  // -- replies ---------------------------------------------------------------------------------

  ObservationService service() {
    return service;
  }

  ReplyWriter writer() {
    return writer;
  }

  private void fail(String requestId, ServiceException reason) {
    owe(Reply.failure(requestId, reason.code(), reason.text()));
  }

  void fail(long sequence, ErrorCode code, String text) {
    owe(Reply.failure(sequence, code, text));
  }

  /// Gives a request its place; what can be written is written in a turn of its own, so that many
  /// requests read at once are answered with one flush.
  void owe(Reply reply) {
    replies.add(reply);
    largestQueue = Math.max(largestQueue, replies.size());
    if (!(reply instanceof Observation)) {
      signal();
    }
    if (reading && replies.size() >= maxInFlight) {
      steerReading();
    }
  }

  /// Something may be ready to be written; any thread.
  void signal() {
    if (!flow.isSlow() && !signalled.get() && signalled.compareAndSet(false, true)) {
      peer.execute(turn);
    }
  }

  private void turn() {
    signalled.set(false);
    if (phase != Phase.ENDED) {
      writeReady();
    }
  }

  private void writeReady() {
    while (!writer.isFull()) {
      Reply head = replies.peek();
      if (head == null || !head.write(this)) {
        break;
      }
      if (phase == Phase.ENDED) {
        return;
      }
      replies.remove();
    }
    if (replies.isEmpty() && largestQueue > SMALL_QUEUE) {
      replies = new ArrayDeque<>();
      largestQueue = 0;
    }
    writeIndexings();
    writer.flush();
    steerReading();
  }

  private void writeIndexings() {
    AwaitedIndexings waiting = awaited;
    Session current = session;
    if (waiting == null || current == null) {
      return;
    }
    while (!writer.isFull()) {
      AwaitedIndexings.Indexing next = waiting.poll(writer.last());
      if (next == null) {
        return;
      }
      writer.message(new Indexed(current.id, next.sequence(), next.memory()));
    }
  }

  /// Reads on only while the client takes what it is owed and is owed less than the bound.
  private void steerReading() {
    int bound = reading ? maxInFlight - 1 : maxInFlight / 2;
    boolean wanted = phase != Phase.OPENING && !writer.isFull() && replies.size() <= bound;
    if (wanted != reading) {
      reading = wanted;
      peer.read(wanted);
    }
  }

  /// Whether one more batch of an answer may be sent now.
  boolean takeRecallCredit() {
    return !writer.isFull() && flow.takeRecallCredit();
  }

  // -- from other threads ----------------------------------------------------------------------

  /// An observation was settled by the committer, and more of its batch may be.
  void signalAfterBatch() {
    if (!flow.isSlow() && !signalled.get() && signalled.compareAndSet(false, true)) {
      service.afterBatch(this);
    }
  }

  /// The batch is settled.
  void batchSettled() {
    peer.execute(turn);
  }

  /// Whether to wait for an episode's indexing.
  boolean wantsIndexing(Episode episode) {
    return awaited != null && awaited.wants(episode);
  }

  void awaitIndexing(long offset, long sequence) {
    if (awaited != null) {
      awaited.add(offset, sequence);
    }
  }

  void forgetIndexing(long offset) {
    if (awaited != null) {
      awaited.forget(offset);
    }
  }

  /// The service's timer.
  void tick() {
    if (flow.wantsTick()) {
      peer.execute(() -> {
        if (phase != Phase.ENDED) {
          flow.tick(session == null ? null : session.id);
          writeReady();
        }
      });
    }
  }

  /// Another connection resumed the session.
  void fence() {
    peer.execute(() -> {
      if (phase != Phase.ENDED) {
        writeReady();
      }
      if (phase != Phase.ENDED) {
        writer.failure(0, ErrorCode.SESSION_TAKEN_OVER, Texts.TAKEN_OVER);
        end(Ending.TAKEN_OVER);
      }
    });
  }

  /// The server shuts down: what the client is owed is written, then the connection ends.
  void goAway() {
    peer.execute(() -> {
      flow.hurry();
      if (phase == Phase.OPENING) {
        end(Ending.GOING_AWAY);
      } else if (phase == Phase.NEW || phase == Phase.OPEN) {
        leave(Ending.GOING_AWAY);
      }
      signal();
    });
  }

  /// The server shuts down, whatever the client is owed.
  void cutOff() {
    peer.execute(() -> {
      if (phase != Phase.ENDED) {
        end(Ending.GOING_AWAY);
      }
    });
  }

  // -- endings ---------------------------------------------------------------------------------

  /// Takes nothing more; ends when everything owed was written.
  private void leave(Ending ending) {
    phase = Phase.CLOSING;
    owe(Reply.then(_ -> end(ending)));
  }

  private void end(Ending ending) {
    if (phase != Phase.ENDED) {
      writer.flush();
      detach();
      peer.end(ending);
    }
  }

  private void detach() {
    phase = Phase.ENDED;
    replies = new ArrayDeque<>(1);
    unread = new ArrayDeque<>(1);
    if (awaited != null) {
      awaited.close();
    }
    service.gone(this, session);
  }
}
