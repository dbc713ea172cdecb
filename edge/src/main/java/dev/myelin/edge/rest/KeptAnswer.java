package dev.myelin.edge.rest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/// An answer that may be asked for again.
///
/// @param requestHash SHA-256 of what was asked for
/// @param type of the body, empty if there is none
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeptAnswer(byte[] requestHash, int status, String type, byte[] body) {
  private static final byte FORM = 1;
  private static final int HASH_BYTES = 32;

  /// The stored form: form, expiry in milliseconds, hash, status, type, body in gzip.
  byte[] encode(long expiry) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    byte[] packed = AnswerWriter.gzip(body);
    return ByteBuffer.allocate(1 + 8 + HASH_BYTES + 2 + 1 + name.length + packed.length)
        .put(FORM)
        .putLong(expiry)
        .put(requestHash)
        .putShort((short) status)
        .put((byte) name.length)
        .put(name)
        .put(packed)
        .array();
  }

  static long expiry(byte[] stored) {
    return ByteBuffer.wrap(stored).getLong(1);
  }

  static KeptAnswer decode(byte[] stored) {
    ByteBuffer in = ByteBuffer.wrap(stored, 9, stored.length - 9);
    byte[] hash = new byte[HASH_BYTES];
    in.get(hash);
    int status = in.getShort();
    byte[] name = new byte[in.get()];
    in.get(name);
    try (GZIPInputStream body =
        new GZIPInputStream(new ByteArrayInputStream(stored, in.position(), in.remaining()))) {
      return new KeptAnswer(
          hash, status, new String(name, StandardCharsets.US_ASCII), body.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("a kept answer is damaged", e);
    }
  }
}
