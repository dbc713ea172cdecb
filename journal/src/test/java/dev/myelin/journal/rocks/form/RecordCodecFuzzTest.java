package dev.myelin.journal.rocks.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;

final class RecordCodecFuzzTest {
  private static final StreamName STREAM = new StreamName("space/acme/notes");

  /// Whatever the bytes: a record that is read encodes to them again; all else is refused as
  /// damaged.
  @FuzzTest(maxDuration = "10s")
  void readsOnlyWhatItWouldWrite(FuzzedDataProvider data) {
    byte[] key = RecordCodec.key(data.consumeLong(), data.consumeLong());
    boolean signed = data.consumeBoolean();
    byte[] value = data.consumeRemainingAsBytes();
    if (signed && value.length >= RecordCodec.HEADER_LENGTH) {
      RecordForgery.sign(key, value);
    }
    try {
      JournalRecord record = RecordCodec.decode(STREAM, key, value);
      assertThat(RecordCodecTest.encode(key, record)).isEqualTo(value);
    } catch (ServiceException damaged) {
      assertThat(damaged.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE);
    }
  }
}
