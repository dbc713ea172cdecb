package dev.myelin.stream.ledger;

import dev.myelin.memory.Stored;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// What became of one number of a session.
///
/// Stored form: a kind byte, then for an accepted one offset (8), seconds (8) and nanoseconds (4)
/// of the commit, and the memory's id in UTF-8; for a rejected one the number of its error code
/// (4).
public sealed interface Verdict {

  /// It was committed.
  record Accepted(Stored stored) implements Verdict {}

  /// It was refused for good.
  record Rejected(ErrorCode code) implements Verdict {}

  byte REJECTED = 0;
  byte ACCEPTED = 1;
  byte ACCEPTED_REPLACING = 2;

  /// The stored form of an accepted one.
  static byte[] encode(Stored stored) {
    byte[] id = stored.id().value().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + 8 + 8 + id.length)
        .put(stored.replaced() ? ACCEPTED_REPLACING : ACCEPTED)
        .putLong(stored.offset())
        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, stored.committedAt()))
        .put(id)
        .array();
  }

  /// The stored form of a rejected one.
  static byte[] encode(ErrorCode code) {
    return ByteBuffer.allocate(1 + 4).put(REJECTED).putInt(code.number()).array();
  }

  /// Reads the stored form.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if it is none
  static Verdict decode(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    byte kind = in.get();
    return switch (kind) {
      case REJECTED -> new Rejected(code(in.getInt()));
      case ACCEPTED, ACCEPTED_REPLACING -> {
        long offset = in.getLong();
        Instant committedAt = Instant.EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
        MemoryId id = new MemoryId(StandardCharsets.UTF_8.decode(in).toString());
        yield new Accepted(new Stored(id, offset, committedAt, kind == ACCEPTED_REPLACING));
      }
      default -> throw SessionRow.unreadable("verdict of kind " + kind);
    };
  }

  private static ErrorCode code(int number) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    throw SessionRow.unreadable("verdict with error code " + number);
  }
}
