package dev.myelin.memory.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.ServiceException;
import java.time.Instant;

final class RecordFuzzTest {

  /// Whatever the bytes: they are read, and what was read can be written and read again; or they
  /// are refused as damaged.
  @FuzzTest(maxDuration = "10s")
  void readsOrRefuses(FuzzedDataProvider data) {
    byte kind = data.consumeByte((byte) 1, (byte) 3);
    byte[] payload = data.consumeRemainingAsBytes();
    try {
      switch (RecordKind.of(kind)) {
        case REMEMBERED -> {
          Memory memory = MemoryRecord.decode(payload, 1, Instant.EPOCH);
          byte[] again =
              MemoryRecord.encode(
                  memory.id(), memory.episode(), MemoryRecord.inverseLength(payload));
          assertThat(MemoryRecord.decode(again, 1, Instant.EPOCH)).isEqualTo(memory);
          StoredVector.of(payload);
        }
        case FORGOTTEN -> assertThat(ForgottenRecord.decode(payload).encode()).isEqualTo(payload);
        case EMBEDDED -> StoredVector.of(EmbeddedRecord.decode(payload).encode());
        case NOTED -> {} // anything
      }
    } catch (ServiceException damaged) {
      assertThat(damaged.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE);
    }
  }
}
