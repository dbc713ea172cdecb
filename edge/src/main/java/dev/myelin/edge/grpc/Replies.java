package dev.myelin.edge.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.edge.grpc.call.Rpc;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rpcs made of one [Operation]: one request and one answer, or many of both in order.
public final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private Replies() {}

  /// One request, one answer.
  public static <Q extends Message, A extends MessageLite> Rpc unary(
      Q prototype, Operation<Q, A> operation) {
    Messages<Q> messages = Messages.of(prototype);
    return call -> {
      Caller caller = Caller.of(call);
      return new SingleRequest<>(messages) {
        @Override
        protected void handle(Q request) {
          answer(call, operation.begin(request, caller));
        }
      };
    };
  }

  /// Many requests, one answer each, in order; a failure ends the call.
  static <Q extends Message, A extends MessageLite> Rpc inOrder(
      Q prototype, Operation<Q, A> operation, int maxWaiting) {
    Messages<Q> messages = Messages.of(prototype);
    return call -> {
      Caller caller = Caller.of(call);
      ReplyQueue queue = new ReplyQueue(call, maxWaiting);
      call.open();
      return new CallListener() {
        @Override
        public void message(byte[] bytes, int offset, int length) {
          Q request = messages.read(bytes, offset, length);
          queue.add(() -> operation.begin(request, caller), call::fail);
        }

        @Override
        public void halfClosed() {
          queue.endWhenAnswered();
        }

        @Override
        public void writable() {
          queue.advance();
        }
      };
    };
  }

  private static <A extends MessageLite> void answer(Call call, CompletableFuture<A> answer) {
    whenDone(
        call,
        answer,
        reply -> {
          call.write(reply);
          call.end();
        });
  }

  /// Goes on with a result on the call's event loop; a failure ends the call.
  static <A> void whenDone(Call call, CompletableFuture<A> result, Consumer<A> next) {
    var _ =
        result.whenComplete((value, failure) ->
            call.execute(() -> {
              if (failure != null) {
                call.fail(refusal(failure));
              } else {
                next.accept(value);
              }
            }));
  }

  /// The failure that the client is told.
  static ServiceException refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ServiceException known) {
      return known;
    }
    LOG.atError().setCause(cause).log("A gRPC request failed");
    @Nullable Throwable none = null;
    return new ServiceException(
        ErrorCode.INTERNAL,
        "The server failed at this request. It is in the server's log; try again, and report it if"
            + " it happens again.",
        null,
        none);
  }
}
