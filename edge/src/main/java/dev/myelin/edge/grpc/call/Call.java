package dev.myelin.edge.grpc.call;

import com.google.protobuf.MessageLite;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call; confined to its event loop ([#context()]).
///
/// Messages of the server wait until [#flush()] (or until they are many), so that many small ones
/// share a frame of HTTP/2. **Bounds.** What the client sends is read message by message; while
/// [#read(boolean)] says no, the transport's flow control holds the client back. What the server
/// writes is unbounded here: who writes must ask [#isFull()].
public final class Call {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);
  private static final int FLUSH_AT = 64 * 1024;
  private static final int WRITE_QUEUE = 256 * 1024;
  private static final String ENCODING = "grpc-encoding";

  private final Context context;
  private final HttpServerRequest request;
  private final Principal principal;
  private final HttpServerResponse response;
  private final WireForm form;
  private final CallInput input;
  private final Output output = new Output();
  private final boolean packs;
  private @Nullable CallListener listener;
  private long deadline = -1;
  private boolean headSent;
  private boolean over;
  private @Nullable Runnable afterwards;

  Call(
      Context context,
      HttpServerRequest request,
      Principal principal,
      WireForm form,
      int maxMessageBytes) {
    this.context = context;
    this.request = request;
    this.principal = principal;
    this.response = request.response();
    this.form = form;
    String encoding = request.getHeader(ENCODING);
    this.packs = "gzip".equals(encoding);
    this.input = new CallInput(request, encoding, form, maxMessageBytes);
    response.setWriteQueueMaxSize(WRITE_QUEUE);
  }

  /// Runs an rpc for this call.
  void start(Rpc rpc) {
    request.exceptionHandler(failure -> gone());
    response.exceptionHandler(failure -> gone());
    response.closeHandler(closed -> gone());
    guarded(() -> {
      input.checkEncoding();
      startDeadline();
      CallListener told = rpc.begin(this);
      if (over) {
        told.cancelled();
        return;
      }
      listener = told;
      response.drainHandler(drained -> guarded(told::writable));
      input.start(told, this::guarded);
    });
    if (over) {
      input.discard();
    }
  }

  private void startDeadline() {
    long millis = Deadline.millis(request.getHeader("grpc-timeout"));
    if (millis >= 0) {
      deadline =
          context
              .owner()
              .setTimer(
                  Math.max(1, millis),
                  timer ->
                      abort(
                          Status.DEADLINE_EXCEEDED, "The deadline of the call has passed.", null));
    }
  }

  /// The event loop of the call.
  public Context context() {
    return context;
  }

  /// `/service/method`.
  public String path() {
    return Objects.requireNonNullElse(request.path(), "");
  }

  /// Metadata of the client.
  public MultiMap headers() {
    return request.headers();
  }

  /// On whose behalf it is made.
  public Principal principal() {
    return principal;
  }

  /// Runs a task once when the call has ended, however it does.
  public void whenOver(Runnable task) {
    if (over) {
      task.run();
    } else {
      afterwards = task;
    }
  }

  /// Ends the call with a failure in the middle of whatever it does; any thread.
  public void cut(ServiceException failure) {
    execute(() -> abort(Status.of(failure.code()), failure.text(), failure));
  }

  /// Whether the call has ended; then nothing can be written any more.
  public boolean isOver() {
    return over;
  }

  /// Runs a task on the call's event loop, unless the call or its loop has ended by then; any
  /// thread.
  public void execute(Runnable task) {
    try {
      context.runOnContext(ignored -> {
        if (!over) {
          guarded(task);
        }
      });
    } catch (RejectedExecutionException _) {
      LOG.debug("a call's event loop has ended");
    }
  }

  /// Sends the headers at once, for clients that wait for them before they speak.
  public void open() {
    if (!headSent && !over) {
      head();
      response.writeHead();
    }
  }

  /// Writes a message without sending it.
  public void write(MessageLite message) {
    if (over) {
      return;
    }
    output.message(message, packs);
    if (output.size() >= FLUSH_AT) {
      flush();
    }
  }

  /// Sends what was written.
  public void flush() {
    if (over || output.size() == 0) {
      return;
    }
    head();
    response.write(form == WireForm.WEB_TEXT ? base64() : output.take());
  }

  /// Whether the client reads more slowly than the server writes; [CallListener#writable()] tells
  /// when there is room again.
  public boolean isFull() {
    return response.writeQueueFull();
  }

  /// Stops or goes on taking messages of the client.
  public void read(boolean wanted) {
    input.read(wanted);
  }

  /// Ends the call well, after what was written.
  public void end() {
    finish(Status.OK, "", null);
  }

  /// Ends the call with a failure, after what was written.
  public void fail(ServiceException failure) {
    finish(Status.of(failure.code()), failure.text(), failure);
  }

  private void guarded(Runnable step) {
    if (over) {
      return;
    }
    try {
      step.run();
    } catch (ServiceException failure) {
      abort(Status.of(failure.code()), failure.text(), failure);
    } catch (RuntimeException bug) {
      Failures.log(path(), bug);
      abort(Status.INTERNAL, Failures.INTERNAL_TEXT, null);
    }
  }

  private void abort(Status status, String text, @Nullable ServiceException failure) {
    if (over) {
      return;
    }
    CallListener told = listener;
    finish(status, text, failure);
    if (told != null) {
      told.cancelled();
    }
  }

  private void gone() {
    if (over) {
      return;
    }
    over = true;
    leave();
    if (listener != null) {
      listener.cancelled();
    }
  }

  private void leave() {
    cancelDeadline();
    input.discard();
    if (afterwards != null) {
      afterwards.run();
      afterwards = null;
    }
  }

  private void finish(Status status, String text, @Nullable ServiceException failure) {
    if (over) {
      return;
    }
    if (form == WireForm.HTTP2) {
      flush();
      boolean trailersOnly = !headSent;
      head();
      trail(trailersOnly ? response.headers() : response.trailers(), status, text, failure);
      over = true;
      response.end();
    } else {
      MultiMap trailers = MultiMap.caseInsensitiveMultiMap();
      trail(trailers, status, text, failure);
      output.trailers(block(trailers));
      flush();
      over = true;
      response.end();
    }
    leave();
  }

  private void cancelDeadline() {
    if (deadline >= 0) {
      context.owner().cancelTimer(deadline);
      deadline = -1;
    }
  }

  private void head() {
    if (headSent) {
      return;
    }
    headSent = true;
    response.putHeader("content-type", form.contentType());
    response.putHeader("grpc-accept-encoding", "identity,gzip");
    if (packs) {
      response.putHeader(ENCODING, "gzip");
    }
    if (form != WireForm.HTTP2) {
      response.setChunked(true);
    }
  }

  private static void trail(
      MultiMap trailers, Status status, String text, @Nullable ServiceException failure) {
    trailers.set("grpc-status", Integer.toString(status.code()));
    if (status != Status.OK) {
      trailers.set("grpc-message", Failures.percentEncoded(text));
    }
    if (failure != null) {
      trailers.set("myelin-error-code", failure.code().name().toLowerCase(Locale.ROOT));
      if (failure.retryAfter() != null) {
        trailers.set("grpc-retry-pushback-ms", Long.toString(failure.retryAfter().toMillis()));
      }
    }
  }

  private static byte[] block(MultiMap trailers) {
    StringBuilder text = new StringBuilder();
    trailers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private Buffer base64() {
    return Buffer.buffer(Base64.getEncoder().encode(output.take().getBytes()));
  }

  /// The failure of a message that is no protobuf of the type that the rpc takes.
  public static ServiceException unreadable(String type) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        "Invalid protobuf: the message is no "
            + type
            + ". Check that it was made from the server's .proto files.");
  }
}
