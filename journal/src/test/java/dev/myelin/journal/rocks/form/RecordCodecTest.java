package dev.myelin.journal.rocks.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class RecordCodecTest {
  private static final StreamName STREAM = new StreamName("space/acme/notes");
  private static final byte[] KEY = RecordCodec.key(0x0102030405060708L, 42);
  private static final JournalRecord RECORD =
      new JournalRecord(
          42,
          (byte) 7,
          Instant.parse("2026-01-02T03:04:05.678901Z"),
          "payload".getBytes(UTF_8),
          false);

  static byte[] encode(byte[] key, JournalRecord record) {
    ByteBuffer value = ByteBuffer.allocate(RecordCodec.HEADER_LENGTH + record.payload().length);
    RecordCodec.encode(value, key, record);
    return value.array();
  }

  private static void assertDamaged(byte[] key, byte[] value, String how) {
    assertThatThrownBy(() -> RecordCodec.decode(STREAM, key, value))
        .isInstanceOfSatisfying(
            ServiceException.class,
            damaged -> {
              assertThat(damaged.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE);
              assertThat(damaged.text())
                  .contains("record " + RecordCodec.offsetOf(key))
                  .contains(STREAM.path())
                  .contains(how)
                  .contains("backup");
            });
  }

  @Test
  void storesARecordInExactlyThisForm() {
    assertThat(HexFormat.of().formatHex(KEY)).isEqualTo("0102030405060708000000000000002a");
    assertThat(HexFormat.of().formatHex(encode(KEY, RECORD)))
        .isEqualTo("010700" + "0006475ef6574f35" + "fa9004fe" + "7061796c6f6164");
    assertThat(HexFormat.of().formatHex(encode(KEY, RecordCodec.erased(RECORD))))
        .isEqualTo("010701" + "0006475ef6574f35" + "8e2e0018");
    assertThat(HexFormat.of().formatHex(new StreamHead(1, 2, 3).encode()))
        .isEqualTo("01" + "0000000000000001" + "0000000000000002" + "0000000000000003");
    assertThat(HexFormat.of().formatHex(new StoreState(4, 5, 6).encode()))
        .isEqualTo("0000000000000004" + "0000000000000005" + "0000000000000006");
  }

  @Test
  void readsBackWhatItWrote() {
    JournalRecord read = RecordCodec.decode(STREAM, KEY, encode(KEY, RECORD));

    assertThat(read.offset()).isEqualTo(42);
    assertThat(read.kind()).isEqualTo((byte) 7);
    assertThat(read.committedAt()).isEqualTo(RECORD.committedAt());
    assertThat(read.payload()).isEqualTo(RECORD.payload());
    assertThat(read.erased()).isFalse();
    JournalRecord erased = RecordCodec.decode(STREAM, KEY, encode(KEY, RecordCodec.erased(RECORD)));
    assertThat(erased.erased()).isTrue();
    assertThat(erased.payload()).isEmpty();
  }

  @Test
  void keepsTimesToTheMicrosecond() {
    for (long micros : new long[] {Long.MIN_VALUE, -1_000_001, -1_000_000, -1, 0, Long.MAX_VALUE}) {
      Instant time =
          Instant.ofEpochSecond(
              Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
      JournalRecord record = new JournalRecord(42, (byte) 7, time, new byte[0], false);
      byte[] value = encode(KEY, record);
      assertThat(ByteBuffer.wrap(value).getLong(3)).isEqualTo(micros);
      assertThat(RecordCodec.decode(STREAM, KEY, value).committedAt()).isEqualTo(time);
    }
  }

  @Test
  void noticesEveryFlippedBitAndEveryCut() {
    byte[] value = encode(KEY, RECORD);
    for (int bit = 0; bit < value.length * 8; bit++) {
      byte[] flipped = value.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertDamaged(KEY, flipped, "checksum");
    }
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertDamaged(KEY, cut, length < RecordCodec.HEADER_LENGTH ? "cut short" : "checksum");
    }
  }

  @Test
  void noticesARecordInAnotherPlace() {
    byte[] value = encode(KEY, RECORD);

    assertDamaged(RecordCodec.key(0x0102030405060708L, 43), value, "checksum");
    assertDamaged(RecordCodec.key(0x0102030405060709L, 42), value, "checksum");
  }

  @Test
  void refusesAFormOfLater() {
    byte[] later = encode(KEY, RECORD);
    later[0] = 2;
    RecordForgery.sign(KEY, later);
    assertDamaged(KEY, later, "form 2");
    byte[] flagged = encode(KEY, RECORD);
    flagged[2] = 4;
    RecordForgery.sign(KEY, flagged);
    assertDamaged(KEY, flagged, "flags 4");
    byte[] erasedWithPayload = encode(KEY, RECORD);
    erasedWithPayload[2] = 1;
    RecordForgery.sign(KEY, erasedWithPayload);
    assertDamaged(KEY, erasedWithPayload, "flags 1");
  }
}
