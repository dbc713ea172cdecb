package dev.myelin.live.access;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The form of rows: a version, then the fields in order, big-endian.
public final class Rows {
  private static final long NO_TIME = Long.MIN_VALUE;

  private Rows() {}

  /// Writes the fields of a row.
  public interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  /// Reads the fields of a row.
  public interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  /// The row of some fields.
  public static byte[] encode(Writing fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      fields.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /// The fields of a row.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if the row is of another version or cut
  public static <T> T decode(String what, byte version, byte[] row, Reading<T> fields) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row))) {
      if (in.readByte() == version) {
        return fields.from(in);
      }
    } catch (IOException | ServiceException _) {
      // Said below.
    }
    throw new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "A row of a "
            + what
            + " cannot be read (expected: version "
            + version
            + "). It was written by a newer server, or the data folder is damaged.");
  }

  public static void text(DataOutputStream out, @Nullable String text) throws IOException {
    byte[] utf8 = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  public static @Nullable String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length");
    }
    return length == 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  public static void time(DataOutputStream out, @Nullable Instant time) throws IOException {
    out.writeLong(time == null ? NO_TIME : time.toEpochMilli());
  }

  static @Nullable Instant time(DataInputStream in) throws IOException {
    long millis = in.readLong();
    return millis == NO_TIME ? null : Instant.ofEpochMilli(millis);
  }

  public static Instant requiredTime(DataInputStream in) throws IOException {
    Instant time = time(in);
    if (time == null) {
      throw new IOException("time");
    }
    return time;
  }

  static void usage(DataOutputStream out, Usage usage) throws IOException {
    time(out, usage.lastUsedAt());
    out.writeLong(usage.requests());
  }

  static Usage usage(DataInputStream in) throws IOException {
    return new Usage(time(in), in.readLong());
  }
}
