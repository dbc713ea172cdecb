package dev.myelin.edge.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ServerMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The wire forms, byte by byte: whoever changes one breaks clients.
class GoldenBytesTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000L, 5);
  private static final SessionId SESSION =
      SessionId.parse("6f1c1c1e-7a3b-4c58-9d57-0a0b0c0d0e0f").orElseThrow();
  // Field 10 (session_id) with the 36 characters of the session.
  private static final String SESSION_FIELD =
      "5224"
          + HexFormat.of()
              .formatHex(SESSION.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  // A Timestamp: seconds 1700000000, nanos 5.
  private static final String TIME = "0880e2cfaa061005";
  // Field 12 (server_timestamp).
  private static final String TIME_FIELD = "6208" + TIME;

  private final ObservationCodec codec =
      new ObservationCodec(SpaceId.DEFAULT, InstantSource.fixed(NOW));

  @Test
  void initAck() {
    assertThat(
            hex(
                new ServerMessage.InitAck(
                    SESSION, 4, new ServerMessage.Capabilities(100_000, 160_000))))
        .isEqualTo(
            "0a36"
                + "0a24"
                + SESSION_FIELD.substring(4)
                + "1004"
                + "1a0c"
                + "08a08d06"
                + "1080e209"
                + "1801"
                + "2001"
                + SESSION_FIELD
                + TIME_FIELD);
  }

  @Test
  void accepted() {
    assertThat(hex(new ServerMessage.Accepted(SESSION, 300, new MemoryId("m1"), NOW, false)))
        .isEqualTo(
            "1210" + "0801" + "12026d31" + "1a08" + TIME + SESSION_FIELD + "58ac02" + TIME_FIELD);
  }

  @Test
  void acceptedInPlaceOfAnOlderMemory() {
    assertThat(hex(new ServerMessage.Accepted(SESSION, 1, new MemoryId("m1"), NOW, true)))
        .isEqualTo(
            "1212"
                + "0801"
                + "12026d31"
                + "1a08"
                + TIME
                + "6001"
                + SESSION_FIELD
                + "5801"
                + TIME_FIELD);
  }

  @Test
  void rejected() {
    assertThat(
            hex(
                new ServerMessage.Rejected(
                    SESSION, 2, ErrorCode.OVERLOADED, "full", Duration.ofMillis(250))))
        .isEqualTo(
            "1217"
                + "0803"
                + "520466756c6c"
                + "5a0a6f7665726c6f61646564"
                + "68fa01"
                + SESSION_FIELD
                + "5802"
                + TIME_FIELD);
  }

  @Test
  void indexed() {
    assertThat(hex(new ServerMessage.Indexed(SESSION, 2, new MemoryId("m1"))))
        .isEqualTo("1206" + "0802" + "12026d31" + SESSION_FIELD + "5802" + TIME_FIELD);
  }

  @Test
  void ackBatch() {
    assertThat(
            hex(
                new ServerMessage.AckBatch(
                    SESSION,
                    3,
                    9,
                    NOW,
                    List.of(
                        new ServerMessage.Rejected(
                            SESSION, 5, ErrorCode.INVALID_EPISODE, "no", null)))))
        .isEqualTo(
            "2227"
                + "0803"
                + "1009"
                + "1a08"
                + TIME
                + "2217"
                + "0805"
                + "120f696e76616c69645f657069736f6465"
                + "1a026e6f"
                + SESSION_FIELD
                + "5809"
                + TIME_FIELD);
  }

  @Test
  void status() {
    assertThat(
            hex(
                new ServerMessage.Status(
                    SESSION,
                    ServerMessage.State.CLOSED,
                    "bye",
                    12,
                    new ServerMessage.Pressure(1, 10, 0.5f),
                    null)))
        .isEqualTo(
            "1a12"
                + "0806"
                + "1203627965"
                + "1801"
                + "200a"
                + "2d0000003f"
                + "580c"
                + SESSION_FIELD
                + TIME_FIELD);
  }

  @Test
  void heartbeatAndError() {
    assertThat(hex(new ServerMessage.Heartbeat(null, NOW))).isEqualTo("3a00" + TIME_FIELD);
    assertThat(hex(new ServerMessage.Failure(null, 3, ErrorCode.SEQUENCE_GAP, "gap")))
        .isEqualTo(
            "3215" + "0a0c73657175656e63655f676170" + "1203676170" + "2003" + "5803" + TIME_FIELD);
    assertThat(hex(new ServerMessage.Failure(null, 0, "q1", ErrorCode.INVALID_CUE, "no")))
        .isEqualTo("3215" + "0a0b696e76616c69645f637565" + "12026e6f" + "32027131" + TIME_FIELD);
  }

  @Test
  void recallResult() {
    var episode =
        new Episode(
            null,
            null,
            "hi",
            dev.myelin.model.Embedding.of(new float[] {1f}),
            new Confidence(0.5f),
            Circumstances.NONE);
    var memory = new Memory(new MemoryId("m1"), 7, NOW, NOW, episode);
    assertThat(
            hex(
                new ServerMessage.RecallResult(
                    "q",
                    List.of(new Recalled(memory, 1f, 0.25f, 0.5f)),
                    true,
                    7,
                    new ServerMessage.RecallSummary(3, 1, 0.5f, Duration.ofMillis(2)))))
        .isEqualTo(
            "2a50"
                + "0a3a"
                + "0a026d31"
                + "12040000803f"
                + "1d0000003f"
                + "22070d0000003f1003"
                + "3208"
                + TIME
                + "52026869"
                + "f5010000803e"
                + "fa0108"
                + TIME
                + "800207"
                + "1001"
                + "1a0b"
                + "0803"
                + "1001"
                + "1d0000003f"
                + "2002"
                + "2007"
                + "520171"
                + TIME_FIELD);
  }

  private String hex(ServerMessage message) {
    return HexFormat.of().formatHex(codec.encode(message).toByteArray());
  }
}
