package dev.myelin.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.Malformed;

/// Bytes of any kind for the JSON codec.
class TextDecoderFuzzTest {
  private final TextDecoder decoder = new TextDecoder();
  private final TextDecoder fresh = new TextDecoder();

  @FuzzTest(maxDuration = "10s")
  void neverThrowsForWhatAClientSends(byte[] bytes) {
    ClientMessage message = decoder.decode(bytes, bytes.length, SpaceId.DEFAULT);

    assertThat(message).isNotNull();
    // What came before leaves no trace: a new decoder reads the same.
    if (!(message instanceof Malformed)) {
      assertThat(fresh.decode(bytes, bytes.length, SpaceId.DEFAULT)).hasSameClassAs(message);
    }
  }
}
