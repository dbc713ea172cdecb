package dev.myelin.edge.grpc.call;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the client of a call sends: cut into messages, unpacked, and told one by one as long as
/// they are wanted.
final class CallInput {
  private final HttpServerRequest request;
  private final @Nullable String encoding;
  private final int maxMessageBytes;
  private final Deframer deframer;
  private final @Nullable Base64Body base64;
  private @Nullable CallListener listener;
  private boolean wanted = true;
  private boolean telling;
  private boolean ended;
  private boolean closedTold;

  CallInput(
      HttpServerRequest request, @Nullable String encoding, WireForm form, int maxMessageBytes) {
    this.request = request;
    this.encoding = encoding;
    this.maxMessageBytes = maxMessageBytes;
    this.deframer = new Deframer(maxMessageBytes);
    this.base64 = form == WireForm.WEB_TEXT ? new Base64Body() : null;
  }

  void checkEncoding() {
    if (encoding != null && !"gzip".equals(encoding) && !"identity".equals(encoding)) {
      throw new ServiceException(
          ErrorCode.UNSUPPORTED,
          "Unknown grpc-encoding: " + Excerpt.of(encoding) + " (expected: identity or gzip).");
    }
  }

  /// @param guard runs each step and ends the call if it fails
  void start(CallListener told, Consumer<Runnable> guard) {
    listener = told;
    request.handler(chunk -> guard.accept(() -> add(chunk)));
    request.endHandler(end ->
        guard.accept(() -> {
          ended = true;
          tell();
        }));
  }

  private void add(Buffer chunk) {
    deframer.add(base64 == null ? chunk : base64.add(chunk));
    tell();
  }

  void read(boolean more) {
    if (wanted == more) {
      return;
    }
    wanted = more;
    if (!more) {
      request.pause();
      return;
    }
    tell();
    if (wanted) {
      request.resume();
    }
  }

  /// Tells nothing more. The rest of the body is read and dropped, so that it does not hold up its
  /// connection.
  void discard() {
    listener = null;
    if (!wanted && !ended) {
      wanted = true;
      request.resume();
    }
  }

  private void tell() {
    if (telling) {
      return;
    }
    telling = true;
    try {
      while (wanted && listener != null && deframer.next()) {
        tellMessage(listener);
      }
      deframer.trim();
      if (ended && wanted && listener != null && !closedTold) {
        closedTold = true;
        tellEnd(listener);
      }
    } finally {
      telling = false;
    }
  }

  private void tellMessage(CallListener told) {
    if (!deframer.isCompressed()) {
      told.message(deframer.bytes(), deframer.offset(), deframer.length());
      return;
    }
    if (!"gzip".equals(encoding)) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid message: it is compressed, but the call has no grpc-encoding (expected: gzip).");
    }
    byte[] unpacked =
        Gzip.unpack(deframer.bytes(), deframer.offset(), deframer.length(), maxMessageBytes);
    told.message(unpacked, 0, unpacked.length);
  }

  private void tellEnd(CallListener told) {
    if (deframer.hasRest() || (base64 != null && base64.hasRest())) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "Invalid body: it ends in the middle of a message.");
    }
    told.halfClosed();
  }
}
