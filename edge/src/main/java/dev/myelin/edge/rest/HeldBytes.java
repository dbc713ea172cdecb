package dev.myelin.edge.rest;

import dev.myelin.model.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of bodies are in memory: all requests together have a bound. Any thread.
final class HeldBytes {
  private final AtomicLong held = new AtomicLong();
  private final long most;

  HeldBytes(long most) {
    this.most = most;
  }

  Share share() {
    return new Share();
  }

  /// What one request holds, until it is closed. One thread.
  final class Share implements AutoCloseable {
    private long mine;

    private Share() {}

    /// Reads a body to its end.
    ///
    /// @throws RestException 503 if all requests together hold too much
    byte[] read(InputStream body) {
      ByteArrayOutputStream all = new ByteArrayOutputStream(0);
      byte[] part = new byte[8 * 1024];
      try {
        for (int size = body.read(part); size >= 0; size = body.read(part)) {
          take(size);
          all.write(part, 0, size);
        }
      } catch (IOException e) {
        throw Bodies.unreadable(e);
      }
      return all.toByteArray();
    }

    private void take(int size) {
      mine += size;
      if (held.addAndGet(size) > most) {
        throw RestException.of(
            503,
            ErrorCode.OVERLOADED,
            "The bodies of all requests have more than "
                + most
                + " bytes together. Try again in a moment.");
      }
    }

    @Override
    public void close() {
      held.addAndGet(-mine);
      mine = 0;
    }
  }
}
