package dev.myelin.stream.ledger;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Table;
import dev.myelin.memory.Stored;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session's part of the journal: its row, and a row for the verdict on each of its numbers.
///
/// A session has no rows until its first verdict. All changes are made inside a transaction, from
/// what its batch sees alone, so they are right whatever other transactions did or failed to do.
public final class SessionLedger {
  static final Table SESSIONS = new Table("sessions");
  static final Table VERDICTS = new Table("session-verdicts");

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] key;
  private final byte[] newRow;

  public SessionLedger(SessionId id, SpaceId space, Instant createdAt) {
    this.key = SessionRow.key(id);
    this.newRow = new SessionRow(id, space, 0, 0, createdAt, createdAt).encode();
  }

  /// Writes that a number was committed.
  ///
  /// @return the floor as it is then
  public long accept(Batch batch, long sequence, Stored stored) {
    return settle(batch, sequence, Verdict.encode(stored));
  }

  /// Writes that a number was refused for good.
  ///
  /// @return the floor as it is then
  public long reject(Batch batch, long sequence, ErrorCode code) {
    return settle(batch, sequence, Verdict.encode(code));
  }

  /// The floor as the batch sees it.
  public long floor(Batch batch) {
    byte[] row = batch.get(SESSIONS, key);
    return row == null ? 0 : (long) LONGS.get(row, SessionRow.FLOOR);
  }

  /// The verdict on a number as the batch sees it, or null if it has none.
  public @Nullable Verdict verdict(Batch batch, long sequence) {
    byte[] row = batch.get(VERDICTS, key(sequence));
    return row == null ? null : Verdict.decode(row);
  }

  /// The durable verdict on a number, or null if it has none. Reads from the disk.
  public @Nullable Verdict verdict(Journal journal, long sequence) {
    byte[] row = journal.get(VERDICTS, key(sequence));
    return row == null ? null : Verdict.decode(row);
  }

  /// Removes all rows of the session.
  void remove(Batch batch) {
    batch.deleteAll(VERDICTS, key.clone());
    batch.delete(SESSIONS, key.clone());
  }

  /// Reads the rows of all sessions.
  public static void load(Journal journal, Consumer<SessionRow> each) {
    journal.scan(
        SESSIONS,
        new byte[0],
        (key, row) -> {
          each.accept(SessionRow.decode(key, row));
          return true;
        });
  }

  private long settle(Batch batch, long sequence, byte[] verdict) {
    byte[] old = batch.get(SESSIONS, key);
    byte[] row = old == null ? newRow.clone() : old.clone();
    batch.put(VERDICTS, key(sequence), verdict);
    long highest = Math.max(sequence, (long) LONGS.get(row, SessionRow.HIGHEST));
    long floor = (long) LONGS.get(row, SessionRow.FLOOR);
    if (sequence == floor + 1) {
      floor = sequence;
      while (floor < highest && batch.get(VERDICTS, key(floor + 1)) != null) {
        floor++;
      }
    }
    LONGS.set(row, SessionRow.FLOOR, floor);
    LONGS.set(row, SessionRow.HIGHEST, highest);
    LONGS.set(row, SessionRow.LAST_SEEN, batch.time().toEpochMilli());
    batch.put(SESSIONS, key.clone(), row);
    return floor;
  }

  private byte[] key(long sequence) {
    return ByteBuffer.allocate(key.length + 8).put(key).putLong(sequence).array();
  }
}
