package dev.myelin.journal.rocks.form;

import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The stored form of a record, big-endian.
///
/// The key is the stream's id (8 bytes) and the offset (8). The value is version (1), kind (1),
/// flags (1; bit 0: erased), commit time in microseconds since 1970 (8), CRC32C (4) of the key and
/// of everything else in the value, then the payload.
public final class RecordCodec {
  public static final int KEY_LENGTH = 16;
  public static final int HEADER_LENGTH = 15;

  private static final byte VERSION = 1;
  private static final byte ERASED = 1;
  private static final int CHECKSUM_AT = 11;
  private static final long MICROS = 1_000_000;
  private static final byte[] NOTHING = {};

  private RecordCodec() {}

  public static byte[] key(long streamId, long offset) {
    return ByteBuffer.allocate(KEY_LENGTH).putLong(streamId).putLong(offset).array();
  }

  public static long offsetOf(byte[] key) {
    return ByteBuffer.wrap(key).getLong(Long.BYTES);
  }

  /// Writes the value of a record at the buffer's position; the buffer has room for header and
  /// payload.
  public static void encode(ByteBuffer value, byte[] key, JournalRecord record) {
    int start = value.position();
    value
        .put(VERSION)
        .put(record.kind())
        .put(record.erased() ? ERASED : 0)
        .putLong(toMicros(record.committedAt()))
        .putInt(0)
        .put(record.payload());
    CRC32C checksum = new CRC32C();
    checksum.update(key);
    checksum.update(value.slice(start, CHECKSUM_AT));
    checksum.update(record.payload());
    value.putInt(start + CHECKSUM_AT, (int) checksum.getValue());
  }

  /// Reads a value back.
  ///
  /// @throws dev.myelin.model.ServiceException STORAGE_UNUSABLE if it is not what was written
  public static JournalRecord decode(StreamName stream, byte[] key, byte[] value) {
    long offset = offsetOf(key);
    if (value.length < HEADER_LENGTH) {
      throw StorageFailure.damagedRecord(stream, offset, "it is cut short");
    }
    ByteBuffer header = ByteBuffer.wrap(value, 0, HEADER_LENGTH);
    CRC32C checksum = new CRC32C();
    checksum.update(key);
    checksum.update(value, 0, CHECKSUM_AT);
    checksum.update(value, HEADER_LENGTH, value.length - HEADER_LENGTH);
    if ((int) checksum.getValue() != header.getInt(CHECKSUM_AT)) {
      throw StorageFailure.damagedRecord(stream, offset, "its checksum does not match");
    }
    byte version = header.get();
    byte kind = header.get();
    byte flags = header.get();
    boolean erased = flags == ERASED;
    if (version != VERSION || (flags != 0 && !erased) || (erased && value.length > HEADER_LENGTH)) {
      throw StorageFailure.damagedRecord(
          stream, offset, "it is of form " + version + ", flags " + flags);
    }
    Instant time = fromMicros(header.getLong());
    byte[] payload = erased ? NOTHING : Arrays.copyOfRange(value, HEADER_LENGTH, value.length);
    return new JournalRecord(offset, kind, time, payload, erased);
  }

  /// The record that stands in the place of an erased one.
  public static JournalRecord erased(JournalRecord record) {
    return new JournalRecord(record.offset(), record.kind(), record.committedAt(), NOTHING, true);
  }

  private static long toMicros(Instant time) {
    long seconds = time.getEpochSecond();
    long micros = time.getNano() / 1_000;
    return seconds >= 0
        ? Math.addExact(Math.multiplyExact(seconds, MICROS), micros)
        : Math.addExact(Math.multiplyExact(seconds + 1, MICROS), micros - MICROS);
  }

  private static Instant fromMicros(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
  }
}
