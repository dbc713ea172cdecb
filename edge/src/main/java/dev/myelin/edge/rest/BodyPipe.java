package dev.myelin.edge.rest;

import dev.myelin.model.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A request's body as a blocking stream: the event loop puts in what arrived, at most a few
/// buffers ahead; a virtual thread takes it out. Counts while it reads.
final class BodyPipe extends InputStream {
  private static final int AHEAD = 4;

  private final HttpServerRequest request;
  private final Context loop;
  private final long most;
  private final Duration patience;
  private final LinkedBlockingQueue<Part> arrived = new LinkedBlockingQueue<>();

  /// Some bytes, or null after the last.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(byte @Nullable [] bytes) {}

  // Of the reading thread.
  private byte[] current = {};
  private int at;
  private long count;
  private volatile boolean ended;
  private volatile @Nullable Throwable broken;

  /// Call it on the request's event loop.
  private BodyPipe(HttpServerRequest request, Context loop, long most, Duration patience) {
    this.request = request;
    this.loop = loop;
    this.most = most;
    this.patience = patience;
  }

  static BodyPipe open(HttpServerRequest request, Context loop, long most, Duration patience) {
    BodyPipe pipe = new BodyPipe(request, loop, most, patience);
    if (request.isEnded()) {
      pipe.arrived.add(new Part(null));
      return pipe;
    }
    request.pause();
    request.handler(buffer -> pipe.arrived.add(new Part(buffer.getBytes())));
    request.endHandler(_ -> pipe.end(null));
    request.exceptionHandler(pipe::end);
    request.fetch(AHEAD);
    return pipe;
  }

  private void end(@Nullable Throwable why) {
    broken = why;
    arrived.add(new Part(null));
  }

  /// Whether all of it was taken.
  boolean isEnded() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    return fill() ? current[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int size = Math.min(length, current.length - at);
    System.arraycopy(current, at, bytes, offset, size);
    at += size;
    return size;
  }

  @Override
  public int available() {
    return at < current.length ? current.length - at : arrived.isEmpty() ? 0 : 1;
  }

  private boolean fill() throws IOException {
    while (at == current.length) {
      if (ended) {
        return false;
      }
      byte[] next = next().bytes();
      if (next == null) {
        ended = true;
        if (broken != null) {
          throw new IOException("the client went", broken);
        }
        return false;
      }
      current = next;
      at = 0;
      count += current.length;
      loop.runOnContext(_ -> {
        if (!request.isEnded()) {
          request.fetch(1);
        }
      });
      if (count > most) {
        throw RestException.tooLarge(most);
      }
    }
    return true;
  }

  private Part next() throws IOException {
    try {
      Part next = arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (next != null) {
        return next;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }
    throw RestException.of(
        408,
        ErrorCode.INVALID_REQUEST,
        "Nothing of the body came for " + patience.toSeconds() + " s. Send it in one go.");
  }
}
