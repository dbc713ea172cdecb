package dev.myelin.memory.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.MemoryType;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MemoryRecordTest {
  private static final Instant COMMITTED = Instant.parse("2026-03-01T12:00:00.123456789Z");
  private static final Episode FULL =
      new Episode(
          new MemoryId("m-1"),
          Instant.parse("2026-02-28T08:30:00.5Z"),
          "Tea at noon ☕",
          Embedding.of(new float[] {3f, -4f}),
          new Confidence(0.9f),
          new Circumstances(
              "Oslo",
              List.of("Ada", "Bob"),
              "thirst",
              "slowly",
              List.of("tea"),
              Map.of("b", "2", "a", "1"),
              MemoryType.EPISODIC,
              0.25f,
              0.75f,
              -0.5f));

  /// The stored form of version 1: it must stay readable for good.
  private static final String GOLDEN =
      "01"
          + "3f"
          + "0200"
          + "cdcc4c3e"
          + "0700000000000000"
          + "0800000000000000"
          + "00004040"
          + "000080c0"
          + "6666663f"
          + "0000403f"
          + "000000bf"
          + "01"
          + "88a7a26900000000"
          + "0065cd1d"
          + "0000803e"
          + "036d2d31"
          + "0f546561206174206e6f6f6e20e29895"
          + "044f736c6f"
          + "06746869727374"
          + "06736c6f776c79"
          + "020341646103426f62"
          + "0103746561"
          + "020161013101620132";

  private static byte[] full() {
    byte[] payload = MemoryRecord.encode(new MemoryId("m-1"), FULL, 0.2f);
    MemoryRecord.supersede(payload, 7, 8);
    return payload;
  }

  @Test
  void encodesToTheGoldenBytes() {
    assertThat(HexFormat.of().formatHex(full())).isEqualTo(GOLDEN);
  }

  @Test
  void decodesTheGoldenBytes() {
    byte[] payload = HexFormat.of().parseHex(GOLDEN);

    assertThat(MemoryRecord.decode(payload, 9, COMMITTED))
        .isEqualTo(
            new Memory(
                new MemoryId("m-1"), 9, COMMITTED, Instant.parse("2026-02-28T08:30:00.5Z"), FULL));
    assertThat(MemoryRecord.supersedes(payload)).isEqualTo(7);
    assertThat(MemoryRecord.supersededVector(payload)).isEqualTo(8);
    assertThat(StoredVector.of(payload).unit()).containsExactly(0.6f, -0.8f);
  }

  @Test
  void keepsWhatTheObserverDidNotSay() {
    byte[] payload = MemoryRecord.encode(MemoryId.random(), Episode.of("bare"), 0f);

    Memory memory = MemoryRecord.decode(payload, 1, COMMITTED);
    assertThat(memory.episode()).isEqualTo(Episode.of("bare"));
    assertThat(memory.when()).isEqualTo(COMMITTED);
    assertThat(StoredVector.of(payload).values()).isEmpty();
  }

  @Test
  void refusesEveryTruncation() {
    byte[] payload = full();
    for (int length = 0; length < payload.length; length++) {
      byte[] cut = Arrays.copyOf(payload, length);
      assertThatThrownBy(() -> MemoryRecord.decode(cut, 1, COMMITTED))
          .isInstanceOfSatisfying(
              ServiceException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE));
    }
  }

  @Test
  void refusesANewerVersion() {
    byte[] payload = full();
    payload[0] = 2;
    assertThatThrownBy(() -> MemoryRecord.decode(payload, 1, COMMITTED))
        .hasMessageContaining("version is 2");
  }

  @Test
  void otherRecordsHaveGoldenBytesToo() {
    var forgotten = new ForgottenRecord(ForgottenRecord.Action.SUPPRESSED, 258, 3);
    assertThat(HexFormat.of().formatHex(forgotten.encode()))
        .isEqualTo("0101" + "0201000000000000" + "0300000000000000");
    assertThat(ForgottenRecord.decode(forgotten.encode())).isEqualTo(forgotten);

    var embedded = new EmbeddedRecord(258, true, "bge", Embedding.of(new float[] {3f, -4f}), 0.2f);
    assertThat(HexFormat.of().formatHex(embedded.encode()))
        .isEqualTo(
            "01010200cdcc4c3e"
                + "0201000000000000"
                + "0000000000000000"
                + "00004040000080c0"
                + "03626765");
    assertThat(EmbeddedRecord.decode(embedded.encode())).isEqualTo(embedded);
    assertThat(StoredVector.of(embedded.encode()).unit()).containsExactly(0.6f, -0.8f);
  }

  @Test
  void kindsHaveFixedCodes() {
    for (RecordKind kind : RecordKind.values()) {
      assertThat(RecordKind.of(kind.code())).isEqualTo(kind);
    }
    assertThat(RecordKind.REMEMBERED.code()).isEqualTo((byte) 1);
    assertThat(RecordKind.FORGOTTEN.code()).isEqualTo((byte) 2);
    assertThat(RecordKind.EMBEDDED.code()).isEqualTo((byte) 3);
    assertThatThrownBy(() -> RecordKind.of((byte) 9)).hasMessageContaining("kind 9");
  }
}
