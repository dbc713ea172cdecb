package dev.myelin.edge.rest;

import dev.myelin.edge.rest.RestAnswer.Bytes;
import dev.myelin.edge.rest.RestAnswer.Empty;
import dev.myelin.edge.rest.RestAnswer.Stream;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends one answer. Used by one thread, the request's virtual thread or its event loop; what the
/// socket does happens on the event loop.
final class AnswerWriter implements AnswerStream {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerWriter.class);
  private static final int WORTH_COMPRESSING = 1_024;
  private static final long LINGER_MILLIS = 2_000;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context loop;
  private final String id;
  private final long began;
  private final Duration patience;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  AnswerWriter(HttpServerRequest request, Context loop, String id, long began, Duration patience) {
    this.request = request;
    this.response = request.response();
    this.loop = loop;
    this.id = id;
    this.began = began;
    this.patience = patience;
    response.exceptionHandler(_ -> gone.complete(null));
    response.closeHandler(_ -> gone.complete(null));
  }

  /// Completes once the client has gone.
  CompletableFuture<Void> gone() {
    return gone;
  }

  private boolean isHead() {
    return HttpMethod.HEAD.equals(request.method());
  }

  /// Sends an answer; a stream is written to its end before this returns.
  void send(RestAnswer answer) {
    switch (answer.content()) {
      case Empty _ ->
          loop.runOnContext(_ -> {
            if (head(answer)) {
              response.end();
            }
          });
      case Bytes bytes -> whole(answer, bytes);
      case Stream stream -> stream(answer, stream);
    }
  }

  /// Begins the answer; returns false if nobody would read it.
  private boolean head(RestAnswer answer) {
    if (response.ended() || response.closed() || response.headWritten()) {
      return false;
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    response
        .setStatusCode(answer.status())
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-request-id", id)
        .putHeader("x-response-time", String.format(Locale.ROOT, "%.3fs", seconds));
    answer.headers().forEach(response::putHeader);
    return true;
  }

  private void whole(RestAnswer answer, Bytes content) {
    boolean long_ = content.bytes().length >= WORTH_COMPRESSING;
    boolean compressed = long_ && takesGzip();
    Buffer body = Buffer.buffer(compressed ? gzip(content.bytes()) : content.bytes());
    loop.runOnContext(_ -> {
      if (!head(answer)) {
        return;
      }
      response.putHeader("content-type", content.type());
      if (long_) {
        String vary = response.headers().get("vary");
        response.putHeader("vary", vary == null ? "accept-encoding" : vary + ", accept-encoding");
      }
      if (compressed) {
        response.putHeader("content-encoding", "gzip");
      }
      if (isHead()) {
        response.putHeader("content-length", Integer.toString(body.length())).end();
      } else {
        response.end(body);
      }
    });
  }

  private boolean takesGzip() {
    String accept = request.getHeader("accept-encoding");
    if (accept == null) {
      return false;
    }
    for (String coding : accept.toLowerCase(Locale.ROOT).split(",", 32)) {
      String[] parts = coding.strip().split(";", 2);
      boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
      if (parts[0].strip().equals("gzip") && !refused) {
        return true;
      }
    }
    return false;
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    return out.toByteArray();
  }

  // ---- long answers

  private void stream(RestAnswer answer, Stream content) {
    loop.runOnContext(_ -> {
      if (head(answer)) {
        response.putHeader("content-type", content.type());
        if (isHead()) {
          response.end();
          return;
        }
        if (request.version() != HttpVersion.HTTP_2) {
          response.setChunked(true);
        }
        response.writeHead(); // who waits for the first event knows at once that it may come
      }
    });
    if (isHead()) {
      return;
    }
    Thread writer = Thread.currentThread();
    Runnable interruption = writer::interrupt;
    CompletableFuture<Void> watch = gone.thenRun(interruption);
    try {
      content.body().write(this);
      loop.runOnContext(_ -> end());
    } catch (InterruptedException _) {
      LOG.debug("a client went, or did not read");
      cutLater();
    } catch (RejectedExecutionException _) {
      LOG.debug("the server closed, and its connections with it");
    } catch (RuntimeException e) {
      // The status is out: a cut connection is the only way to say that the answer is not whole.
      LOG.atWarn().setCause(e).addKeyValue("request", id).log("a long answer failed");
      cutLater();
    } finally {
      watch.cancel(false);
      var _ = Thread.interrupted();
    }
  }

  private void cutLater() {
    try {
      loop.runOnContext(_ -> cut());
    } catch (RejectedExecutionException _) {
      LOG.debug("the server closed, and its connections with it");
    }
  }

  private void end() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }

  /// Ends an answer that is not whole, from any thread: whoever writes it is interrupted.
  void abort() {
    loop.runOnContext(_ -> {
      cut();
      gone.complete(null);
    });
  }

  private void cut() {
    if (!response.ended()) {
      if (request.version() == HttpVersion.HTTP_2) {
        response.reset();
      } else {
        request.connection().close();
      }
    }
  }

  @Override
  public void write(byte[] bytes) throws InterruptedException {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    loop.runOnContext(_ -> {
      if (response.closed() || response.ended()) {
        taken.completeExceptionally(new IllegalStateException("the client is gone"));
        return;
      }
      var _ = response.write(Buffer.buffer(bytes));
      if (response.writeQueueFull()) {
        response.drainHandler(_ -> taken.complete(null));
      } else {
        taken.complete(null);
      }
    });
    try {
      taken.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      InterruptedException interrupted = new InterruptedException("the client does not read");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /// Looks after what the client may still be sending of a body that nobody reads: the answer has
  /// to arrive before the connection ends.
  void done(BodyPipe body) {
    if (body.isEnded()) {
      return;
    }
    loop.runOnContext(_ -> {
      if (request.isEnded()) {
        return;
      }
      request.handler(_ -> {});
      request.resume();
      Vertx vertx = loop.owner();
      vertx.setTimer(
          LINGER_MILLIS,
          _ -> {
            if (!request.isEnded()) {
              request.connection().close();
            }
          });
    });
  }
}
