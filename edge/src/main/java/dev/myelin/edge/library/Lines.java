package dev.myelin.edge.library;

import dev.myelin.edge.rest.RestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Reads a body line by line, as it comes in. One thread.
final class Lines {
  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[16 * 1024];
  private int at;
  private int end;
  private boolean tooLong;

  /// @param maxBytes longest line; a longer one is passed over
  Lines(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /// The next line without its end, or null after the last.
  byte @Nullable [] next() {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    tooLong = false;
    boolean any = false;
    while (at < end || fill()) {
      any = true;
      int stop = at;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      if (line.size() + stop - at > maxBytes) {
        tooLong = true;
        line.reset();
      } else if (!tooLong) {
        line.write(buffer, at, stop - at);
      }
      at = stop + 1;
      if (stop < end) {
        return line.toByteArray();
      }
      at = end;
    }
    return any ? line.toByteArray() : null;
  }

  /// Whether the line was longer than it may be, and is not there.
  boolean wasTooLong() {
    return tooLong;
  }

  /// Whether something more has arrived already.
  boolean hasMore() {
    try {
      return at < end || in.available() > 0;
    } catch (IOException _) {
      return false;
    }
  }

  private boolean fill() {
    try {
      at = 0;
      end = Math.max(0, in.read(buffer));
      return end > 0;
    } catch (IOException _) {
      throw RestException.malformed("The body ended too early.");
    }
  }
}
