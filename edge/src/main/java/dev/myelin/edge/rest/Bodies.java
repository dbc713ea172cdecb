package dev.myelin.edge.rest;

import dev.myelin.model.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads bodies: inflated, and counted while they are read.
final class Bodies {
  private Bodies() {}

  /// @param encoding the header `Content-Encoding`
  /// @param most bytes after inflating
  static InputStream open(InputStream raw, @Nullable String encoding, long most) {
    String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> new Counted(raw, most);
      case "gzip", "x-gzip" -> new Counted(new Lazy(raw, true), most);
      case "deflate" -> new Counted(new Lazy(raw, false), most);
      default ->
          throw RestException.of(
                  415,
                  ErrorCode.INVALID_REQUEST,
                  "The body is encoded as " + name + " (expected: gzip, deflate or nothing).")
              .withHeader("accept-encoding", "gzip, deflate");
    };
  }

  /// All of a body.
  static byte[] read(InputStream body) {
    try {
      return body.readAllBytes();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static RestException unreadable(IOException e) {
    return e instanceof ZipException || e instanceof EOFException
        ? RestException.malformed("The body is not compressed as its Content-Encoding says.")
        : RestException.malformed("The body ended too early.");
  }

  /// Begins to inflate with the first read: making the inflater reads already.
  private static final class Lazy extends InputStream {
    private final InputStream raw;
    private final boolean gzip;
    private @Nullable InputStream inflating;

    Lazy(InputStream raw, boolean gzip) {
      this.raw = raw;
      this.gzip = gzip;
    }

    private InputStream inflating() throws IOException {
      if (inflating == null) {
        inflating = gzip ? new GZIPInputStream(raw, 8 * 1024) : new InflaterInputStream(raw);
      }
      return inflating;
    }

    @Override
    public int read() throws IOException {
      return inflating().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return inflating().read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (inflating != null) {
        inflating.close();
      }
    }
  }

  /// Fails once there is more than there may be.
  private static final class Counted extends InputStream {
    private final InputStream in;
    private final long most;
    private long count;

    Counted(InputStream in, long most) {
      this.in = in;
      this.most = most;
    }

    private int counted(int size) {
      count += Math.max(0, size);
      if (count > most) {
        throw RestException.tooLarge(most);
      }
      return size;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      var _ = counted(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return counted(in.read(bytes, offset, length));
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
