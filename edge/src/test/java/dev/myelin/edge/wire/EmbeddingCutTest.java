package dev.myelin.edge.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.myelin.model.Embedding;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.stream.ClientMessage;
import dev.myelin.testkit.Seed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The cut message must mean what the generated parser reads in the whole one.
class EmbeddingCutTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final ObservationReader READER = new ObservationReader(SpaceId.DEFAULT, CLOCK);

  @Test
  void cutsWhatClientsSend() throws InvalidProtocolBufferException {
    byte[] bytes = observation(768).toByteArray();
    EmbeddingCut cut = EmbeddingCut.of(bytes, 0, bytes.length);
    assertThat(cut).isNotNull();
    assertThat(cut.embedding()).hasSize(768);
    assertThat(cut.rest().length).isLessThan(100);
    assertThat(ObservationRequest.parseFrom(cut.rest()))
        .isEqualTo(
            observation(768).toBuilder()
                .setObservation(observation(768).getObservation().toBuilder().clearEmbedding())
                .build());
  }

  @Test
  void readsTheSameAsTheGeneratedParser() {
    for (int dimension : new int[] {1, 20, 32, 768, 4_096, 5_000}) {
      assertSame(observation(dimension).toByteArray());
    }
  }

  @Test
  void leavesOddFormsToTheGeneratedParser() {
    ObservationRequest whole = observation(100);
    // The episode in two pieces, which protobuf merges.
    ByteString twice = whole.toByteString().concat(whole.toByteString());
    assertThat(EmbeddingCut.of(twice.toByteArray(), 0, twice.size())).isNull();
    assertSame(twice.toByteArray());
    // Another operation after it, which wins.
    ByteString replaced =
        whole.toByteString().concat(ByteString.copyFrom(new byte[] {5 << 3 | 2, 2, 8, 1}));
    assertSame(replaced.toByteArray());
    // Cut off anywhere.
    byte[] bytes = whole.toByteArray();
    for (int length = 0; length < bytes.length; length++) {
      assertSame(Arrays.copyOf(bytes, length));
    }
  }

  @Test
  void readsDamagedMessagesTheSameAsTheGeneratedParser() {
    Random random = Seed.of("EmbeddingCutTest").random();
    byte[] whole = observation(40).toByteArray();
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = whole.clone();
      int places = 1 + random.nextInt(3);
      for (int i = 0; i < places; i++) {
        // Keys and lengths are at both ends.
        int near = random.nextInt(24);
        damaged[random.nextBoolean() ? near : damaged.length - 1 - near] = (byte) random.nextInt();
      }
      assertSame(damaged);
    }
  }

  static void assertSame(byte[] bytes) {
    ClientMessage cut = new ObservationCodec(SpaceId.DEFAULT, CLOCK).decode(bytes, 0, bytes.length);
    ClientMessage whole;
    try {
      whole = READER.read(ObservationRequest.parseFrom(bytes), null);
    } catch (InvalidProtocolBufferException _) {
      assertThat(cut).isInstanceOf(ClientMessage.Malformed.class);
      return;
    }
    assertThat(text(cut)).isEqualTo(text(whole));
    if (cut instanceof ClientMessage.Observe one && whole instanceof ClientMessage.Observe other) {
      Embedding embedding = one.episode().embedding();
      assertThat(embedding).isEqualTo(other.episode().embedding());
    }
  }

  private static String text(ClientMessage message) {
    return switch (message) {
      case ClientMessage.Malformed malformed -> "malformed " + malformed.reason().text();
      case ClientMessage.Invalid invalid ->
          "invalid " + invalid.sequence() + invalid.session() + invalid.reason().text();
      default -> message.toString();
    };
  }

  private static ObservationRequest observation(int dimension) {
    Random random = new Random(dimension);
    Episode.Builder episode = Episode.newBuilder().setId("e1").setWhat("seen").addWho("Ada");
    for (int i = 0; i < dimension; i++) {
      episode.addEmbedding(random.nextFloat() - 0.5f);
    }
    return ObservationRequest.newBuilder()
        .setObservation(episode)
        .setSessionId("6f1c1c1e-7a3b-4c58-9d57-0a0b0c0d0e0f")
        .setSequenceNumber(1_234_567)
        .build();
  }
}
