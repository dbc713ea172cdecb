package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.edge.wire.ObservationCodec;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ObservationConnection;
import dev.myelin.stream.ObservationService;
import dev.myelin.stream.Peer;
import dev.myelin.stream.ServerMessage;
import dev.myelin.stream.ServerMessage.Failure;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// ObserveStream and MemoryStream: one observation connection over one call.
///
/// A failure of the protocol (a gap, a duplicate, no init, an empty message) ends the call with its
/// status; the session may be resumed. Confined to the call's event loop.
final class ObservationCall implements CallListener, Peer {
  private final Call call;
  private final ObservationCodec codec;
  private final ObservationConnection connection;
  private @Nullable ServiceException fault;

  private ObservationCall(Call call, ObservationService service, InstantSource clock) {
    this.call = call;
    this.codec = new ObservationCodec(Caller.of(call).fallback(), clock);
    this.connection = service.connect(this, call.principal());
  }

  static CallListener begin(Call call, ObservationService service, InstantSource clock) {
    ObservationCall begun = new ObservationCall(call, service, clock);
    call.open();
    return begun;
  }

  // -- from the client -------------------------------------------------------------------------

  @Override
  public void message(byte[] bytes, int offset, int length) {
    ClientMessage message = codec.decode(bytes, offset, length);
    if (fault == null) {
      connection.receive(message);
    }
  }

  @Override
  public void halfClosed() {
    connection.inputEnded();
  }

  @Override
  public void writable() {
    connection.writable();
  }

  @Override
  public void cancelled() {
    connection.disconnected();
  }

  // -- from the service ------------------------------------------------------------------------

  @Override
  public void execute(Runnable task) {
    call.execute(task);
  }

  @Override
  public void write(ServerMessage message) {
    if (fault != null) {
      return;
    }
    if (message instanceof Failure failure && endsCall(failure.code())) {
      fault = new ServiceException(failure.code(), failure.text());
      // Not here: the connection is in the middle of its work.
      call.execute(this::fault);
      return;
    }
    call.write(codec.encode(message));
  }

  private void fault() {
    if (fault != null) {
      call.fail(fault);
      connection.disconnected();
    }
  }

  @Override
  public void flush() {
    call.flush();
  }

  @Override
  public boolean isFull() {
    return call.isFull();
  }

  @Override
  public void read(boolean wanted) {
    call.read(wanted);
  }

  @Override
  public void end(Ending ending) {
    if (fault != null) {
      call.fail(fault);
      return;
    }
    switch (ending) {
      case CLOSED -> call.end();
      case TAKEN_OVER ->
          call.fail(
              new ServiceException(
                  ErrorCode.SESSION_TAKEN_OVER,
                  "Another connection resumed this session. Go on there."));
      case GOING_AWAY ->
          call.fail(
              new ServiceException(
                  ErrorCode.SHUTTING_DOWN,
                  "The server is shutting down. Resume the session when it is back."));
    }
  }

  /// Whether a failure concerns the call as a whole. The others concern one recall.
  private static boolean endsCall(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST,
          INVALID_SPACE,
          MESSAGE_TOO_LARGE,
          WRONG_STATE,
          SEQUENCE_GAP,
          SEQUENCE_DUPLICATE,
          SESSION_MISMATCH,
          SESSION_TAKEN_OVER,
          SESSION_PAUSED,
          SESSION_EXPIRED,
          SHUTTING_DOWN,
          TOO_MANY_CONNECTIONS,
          UNAUTHENTICATED,
          PERMISSION_DENIED ->
          true;
      case INVALID_EPISODE,
          INVALID_EMBEDDING,
          DIMENSION_MISMATCH,
          INVALID_CUE,
          NOT_FOUND,
          UNSUPPORTED,
          CONFLICT,
          PRECONDITION_FAILED,
          INVALID_DOCUMENT,
          INVALID_LIBRARY,
          INVALID_SEARCH,
          INVALID_WEBHOOK,
          INVALID_CHANNEL,
          GONE,
          LIBRARY_NOT_FOUND,
          DOCUMENT_NOT_FOUND,
          ALREADY_EXISTS,
          OVERLOADED,
          STORAGE_UNAVAILABLE,
          TOO_MANY_SPACES,
          RATE_LIMITED,
          INTERNAL,
          STORAGE_UNUSABLE,
          OUTCOME_UNKNOWN ->
          false;
    };
  }
}
