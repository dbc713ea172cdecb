package dev.myelin.edge.grpc;

import com.google.protobuf.Message;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// The client's side of a call with exactly one request.
///
/// @param <Q> the request
public abstract class SingleRequest<Q extends Message> implements CallListener {
  private final Messages<Q> messages;
  private @Nullable Q request;

  protected SingleRequest(Messages<Q> messages) {
    this.messages = messages;
  }

  /// The request is there.
  protected abstract void handle(Q request);

  @Override
  public void message(byte[] bytes, int offset, int length) {
    if (request != null) {
      throw wrongNumber("more than one");
    }
    request = messages.read(bytes, offset, length);
  }

  @Override
  public void halfClosed() {
    if (request == null) {
      throw wrongNumber("no");
    }
    handle(request);
  }

  private static ServiceException wrongNumber(String number) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        "The call has " + number + " request message (expected: one). Send one and end the input.");
  }
}
