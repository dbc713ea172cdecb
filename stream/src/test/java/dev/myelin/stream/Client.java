package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage.Close;
import dev.myelin.stream.ClientMessage.Flow;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ClientMessage.Invalid;
import dev.myelin.stream.ClientMessage.Observe;
import dev.myelin.stream.ClientMessage.Recall;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.Failure;
import dev.myelin.stream.ServerMessage.InitAck;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client whose transport is driven by hand.
final class Client {
  static final SpaceId SPACE = SpaceId.parse("test-space");
  static final StreamOptions PLAIN = new StreamOptions(0, false, false, false);
  static final StreamOptions PRESSURE = new StreamOptions(0, true, false, false);
  static final StreamOptions BATCHED = new StreamOptions(0, false, true, false);
  static final StreamOptions INDEXED = new StreamOptions(0, false, false, true);

  final HandPeer peer;
  final ObservationConnection connection;
  private final HandLoop loop;
  private @Nullable SessionId session;

  Client(ObservationService service, HandLoop loop) {
    this(service, loop, Principal.ROOT);
  }

  Client(ObservationService service, HandLoop loop, Principal principal) {
    this.loop = loop;
    this.peer = new HandPeer(loop);
    this.connection = service.connect(peer, principal);
  }

  SessionId session() {
    if (session == null) {
      throw new AssertionError("no session yet");
    }
    return session;
  }

  // -- requests --------------------------------------------------------------------------------

  InitAck init() {
    return init(PLAIN);
  }

  InitAck init(StreamOptions options) {
    return init(SPACE, null, options);
  }

  InitAck resume(SessionId id) {
    return init(SPACE, id, PLAIN);
  }

  InitAck init(SpaceId space, @Nullable SessionId resume, StreamOptions options) {
    send(new Init(space, resume, options));
    return opened();
  }

  InitAck opened() {
    InitAck ack = next(InitAck.class);
    session = ack.session();
    return ack;
  }

  void send(ClientMessage message) {
    connection.receive(message);
  }

  void observe(long sequence) {
    observe(sequence, Lane.NORMAL);
  }

  void observe(long sequence, Lane lane) {
    observe(sequence, lane, episode("ep" + sequence, "observation number " + sequence));
  }

  void observe(long sequence, Lane lane, Episode episode) {
    send(new Observe(session, sequence, lane, episode));
  }

  void observeAll(long from, long to) {
    for (long sequence = from; sequence <= to; sequence++) {
      observe(sequence);
    }
  }

  void invalid(long sequence) {
    ServiceException reason =
        new ServiceException(ErrorCode.INVALID_EPISODE, "Invalid episode: what is missing.");
    send(new Invalid(session, sequence, reason));
  }

  void flow(FlowAction action, int room) {
    send(new Flow(session, action, room));
  }

  void flow(FlowAction action) {
    flow(action, 0);
  }

  void recall(String id, String text) {
    send(new Recall(id, true, RecallQuery.about(SpaceId.DEFAULT, text)));
  }

  void close(boolean drain) {
    send(new Close(session, drain));
  }

  void disconnect() {
    peer.gone = true;
    connection.disconnected();
  }

  // -- replies ---------------------------------------------------------------------------------

  /// The next message, which must be of that type.
  <T extends ServerMessage> T next(Class<T> type) {
    loop.until("a message, wanted: " + type.getSimpleName(), () -> !peer.received.isEmpty());
    ServerMessage message = peer.received.remove();
    assertThat(message).isInstanceOf(type);
    return type.cast(message);
  }

  ServerMessage next() {
    return next(ServerMessage.class);
  }

  List<ServerMessage> next(int count) {
    List<ServerMessage> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(next());
    }
    return messages;
  }

  Accepted accepted(long sequence) {
    Accepted ack = next(Accepted.class);
    assertThat(ack.sequence()).isEqualTo(sequence);
    assertThat(ack.session()).isEqualTo(session());
    return ack;
  }

  void allAccepted(long from, long to) {
    for (long sequence = from; sequence <= to; sequence++) {
      accepted(sequence);
    }
  }

  ServerMessage.Rejected rejected(long sequence, ErrorCode code) {
    ServerMessage.Rejected ack = next(ServerMessage.Rejected.class);
    assertThat(ack.sequence()).isEqualTo(sequence);
    assertThat(ack.code()).isEqualTo(code);
    return ack;
  }

  Failure failure(ErrorCode code) {
    Failure failure = next(Failure.class);
    assertThat(failure.code()).isEqualTo(code);
    return failure;
  }

  ServerMessage.Status status(ServerMessage.State state) {
    ServerMessage.Status status = next(ServerMessage.Status.class);
    assertThat(status.state()).isEqualTo(state);
    return status;
  }

  void hearsNothing() {
    loop.turn();
    assertThat(peer.received).isEmpty();
  }

  static Episode episode(String id, String what) {
    return new Episode(new MemoryId(id), null, what, null, Confidence.DEFAULT, Circumstances.NONE);
  }

  static Episode episode(String id, float... embedding) {
    return new Episode(
        new MemoryId(id),
        null,
        id,
        Embedding.of(embedding),
        Confidence.DEFAULT,
        Circumstances.NONE);
  }
}
