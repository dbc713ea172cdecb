package dev.myelin.edge.grpc.call;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Compressed messages.
final class Gzip {
  private Gzip() {}

  /// Unpacks a message, but never more than the bound: a small message may unpack to gigabytes.
  ///
  /// @throws ServiceException MESSAGE_TOO_LARGE past the bound, INVALID_REQUEST if it is not gzip
  static byte[] unpack(byte[] bytes, int offset, int length, int maxBytes) {
    try (var input = new GZIPInputStream(new ByteArrayInputStream(bytes, offset, length))) {
      byte[] unpacked = input.readNBytes(maxBytes + 1);
      if (unpacked.length > maxBytes) {
        throw Deframer.tooLarge(unpacked.length, maxBytes);
      }
      return unpacked;
    } catch (IOException _) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid message: it says that it is compressed, but it is not gzip.");
    }
  }

  static byte[] pack(byte[] bytes) {
    var packed = new ByteArrayOutputStream(bytes.length / 2 + 64);
    try (var output = new GZIPOutputStream(packed)) {
      output.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    return packed.toByteArray();
  }
}
