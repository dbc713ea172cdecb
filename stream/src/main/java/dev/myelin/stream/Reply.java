package dev.myelin.stream;

import dev.myelin.model.ErrorCode;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What a connection owes its client for one request. Replies are written in the order of requests.
abstract class Reply {

  /// Its turn has come: writes what is ready.
  ///
  /// @return whether that was all; otherwise it is called again later
  abstract boolean write(ObservationConnection out);

  /// A reply of one message, made when its turn comes.
  static Reply of(Supplier<ServerMessage> message) {
    return then(out -> out.writer().message(message.get()));
  }

  /// A message was not taken.
  static Reply failure(long sequence, ErrorCode code, String text) {
    return then(out -> out.writer().failure(sequence, code, text));
  }

  /// A message that concerns no observation was not taken.
  ///
  /// @param requestId the client's name for the recall that it was, or empty
  static Reply failure(String requestId, ErrorCode code, String text) {
    return then(out -> out.writer().failure(requestId, code, text));
  }

  /// Something to do when everything before it was written.
  static Reply then(Consumer<ObservationConnection> action) {
    return new Reply() {
      @Override
      boolean write(ObservationConnection out) {
        action.accept(out);
        return true;
      }
    };
  }
}
