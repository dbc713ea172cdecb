package dev.myelin.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.myelin.model.Embedding;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.Observe;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes of any kind inside an embedding.
class EmbeddingFuzzTest {
  private final TextDecoder decoder = new TextDecoder();

  /// The parser of arrays and the JSON parser behind its fence agree on what is a number.
  @FuzzTest(maxDuration = "10s")
  void readsEmbeddingsAsAnyJsonParserWould(byte[] bytes) {
    String array = new String(bytes, StandardCharsets.ISO_8859_1);
    ClientMessage fast = decode("embedding", array);
    ClientMessage slow = decode("\\u0065mbedding", array);

    assertThat(fast).hasSameClassAs(slow);
    if (fast instanceof Observe one && slow instanceof Observe other) {
      Embedding embedding = one.episode().embedding();
      assertThat(embedding).isEqualTo(other.episode().embedding());
    }
  }

  private ClientMessage decode(String key, String array) {
    byte[] bytes =
        ("{\"type\":\"observation\",\"sequence_number\":1,\"episode\":{\"what\":\"x\",\""
                + key
                + "\":["
                + array
                + "]}}")
            .getBytes(StandardCharsets.UTF_8);
    return decoder.decode(Arrays.copyOf(bytes, bytes.length + 8), bytes.length, SpaceId.DEFAULT);
  }
}
