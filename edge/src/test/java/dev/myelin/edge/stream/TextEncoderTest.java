package dev.myelin.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.MemoryType;
import dev.myelin.model.SessionId;
import dev.myelin.stream.ServerMessage;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.AckBatch;
import dev.myelin.stream.ServerMessage.Capabilities;
import dev.myelin.stream.ServerMessage.Failure;
import dev.myelin.stream.ServerMessage.Heartbeat;
import dev.myelin.stream.ServerMessage.Indexed;
import dev.myelin.stream.ServerMessage.InitAck;
import dev.myelin.stream.ServerMessage.Pressure;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.RecallSummary;
import dev.myelin.stream.ServerMessage.Rejected;
import dev.myelin.stream.ServerMessage.State;
import dev.myelin.stream.ServerMessage.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every message of the server as it stands on the wire: clients rely on each name in it.
class TextEncoderTest {
  private static final SessionId SESSION =
      SessionId.parse("550e8400-e29b-41d4-a716-446655440000").orElseThrow();
  private static final Instant TIME = Instant.parse("2024-10-30T12:00:00.123456Z");

  private final TextEncoder encoder = new TextEncoder();

  @Test
  void writesInitAck() {
    assertThat(encode(new InitAck(SESSION, 7, new Capabilities(100_000, 160_000))))
        .isEqualTo(
            """
            {'type':'init_ack','session_id':'550e8400-e29b-41d4-a716-446655440000',\
            'initial_sequence':7,'capabilities':{'max_observations_per_second':100000,\
            'queue_capacity':160000,'supports_backpressure':true,\
            'supports_snapshot_isolation':true}}\
            """);
  }

  @Test
  void writesAck() {
    assertThat(encode(new Accepted(SESSION, 1, new MemoryId("mem_1"), TIME, false)))
        .isEqualTo(
            """
            {'type':'ack','session_id':'550e8400-e29b-41d4-a716-446655440000',\
            'sequence_number':1,'status':'accepted','memory_id':'mem_1',\
            'committed_at':'2024-10-30T12:00:00.123Z'}\
            """);
  }

  @Test
  void saysWhenAnOlderMemoryGaveWay() {
    assertThat(encode(new Accepted(SESSION, 2, new MemoryId("mem_1"), Instant.EPOCH, true)))
        .endsWith("'memory_id':'mem_1','committed_at':'1970-01-01T00:00:00Z','replaced':true}");
  }

  @Test
  void writesRejectionsAndIndexings() {
    assertThat(
            encode(
                new Rejected(
                    SESSION, 3, ErrorCode.OVERLOADED, "Slow down.", Duration.ofMillis(1_500))))
        .isEqualTo(
            """
            {'type':'ack','session_id':'550e8400-e29b-41d4-a716-446655440000',\
            'sequence_number':3,'status':'rejected','code':'overloaded','reason':'Slow down.',\
            'retry_after_ms':1500}\
            """);
    assertThat(encode(new Indexed(SESSION, 4, new MemoryId("mem_4"))))
        .isEqualTo(
            """
            {'type':'ack','session_id':'550e8400-e29b-41d4-a716-446655440000',\
            'sequence_number':4,'status':'indexed','memory_id':'mem_4'}\
            """);
  }

  @Test
  void writesAckBatch() {
    Rejected first = new Rejected(SESSION, 2, ErrorCode.SESSION_PAUSED, "Paused.", null);
    Rejected second = new Rejected(SESSION, 3, ErrorCode.INVALID_EPISODE, "Bad.", null);

    assertThat(encode(new AckBatch(SESSION, 1, 4, TIME, List.of(first, second))))
        .isEqualTo(
            """
            {'type':'ack_batch','session_id':'550e8400-e29b-41d4-a716-446655440000','from':1,\
            'to':4,'committed_at':'2024-10-30T12:00:00.123Z','rejected':[{'sequence_number':2,\
            'code':'session_paused','reason':'Paused.'},{'sequence_number':3,\
            'code':'invalid_episode','reason':'Bad.'}]}\
            """);
  }

  @Test
  void writesStatus() {
    assertThat(
            encode(
                new Status(
                    SESSION,
                    State.BACKPRESSURE,
                    "Slow down.",
                    9,
                    new Pressure(80_000, 100_000, 0.8f),
                    Duration.ofMillis(100))))
        .isEqualTo(
            """
            {'type':'status','session_id':'550e8400-e29b-41d4-a716-446655440000',\
            'state':'BACKPRESSURE','message':'Slow down.','last_sequence':9,'queue_depth':80000,\
            'queue_capacity':100000,'pressure':0.8,'retry_after_ms':100}\
            """);
  }

  @Test
  void writesHeartbeats() {
    assertThat(encode(new Heartbeat(SESSION, Instant.parse("2024-10-30T12:00:30Z"))))
        .isEqualTo(
            """
            {'type':'heartbeat','session_id':'550e8400-e29b-41d4-a716-446655440000',\
            'timestamp':'2024-10-30T12:00:30Z'}\
            """);
    assertThat(encode(new Heartbeat(null, TIME))).contains("'session_id':null,");
  }

  @Test
  void writesErrors() {
    assertThat(encode(new Failure(SESSION, 5, ErrorCode.SEQUENCE_GAP, "Expected 1, got 5.")))
        .isEqualTo(
            """
            {'type':'error','message':'Expected 1, got 5.','code':'sequence_gap',\
            'session_id':'550e8400-e29b-41d4-a716-446655440000','sequence_number':5}\
            """);
    assertThat(encode(new Failure(null, 0, ErrorCode.INVALID_REQUEST, "Invalid JSON")))
        .isEqualTo(
            """
            {'type':'error','message':'Invalid JSON','code':'invalid_request','session_id':null}\
            """);
    assertThat(encode(new Failure(null, 0, "q\"1", ErrorCode.INVALID_CUE, "Invalid cue")))
        .isEqualTo(
            """
            {'type':'error','message':'Invalid cue','code':'invalid_cue','session_id':null,\
            'request_id':'q\\'1'}\
            """);
  }

  @Test
  void writesRecallResults() {
    Circumstances known =
        new Circumstances(
            "Paris",
            List.of("Ana", "Bo"),
            "because",
            "slowly",
            List.of("a", "b"),
            Map.of("k", "v"),
            MemoryType.EPISODIC,
            null,
            0.5f,
            0f);
    Recalled full =
        recalled("m1", "first", known, Embedding.of(new float[] {0.5f, -1e-9f, 16777216f}));
    Recalled plain = recalled("m2", "second", Circumstances.NONE, null);

    assertThat(
            encode(
                new RecallResult(
                    "q1",
                    List.of(full, plain),
                    true,
                    42,
                    new RecallSummary(100, 2, 0.25f, Duration.ofMillis(3)))))
        .isEqualTo(
            """
            {'type':'recall_result','request_id':'q1','results':[{'id':'m1','content':'first',\
            'similarity':0.875,'score':1.5,'activation':0.25,'confidence':0.7,\
            'when':'2024-10-30T11:00:00Z','created_at':'2024-10-30T12:00:00.123Z',\
            'metadata':{'k':'v'},'tags':['a','b'],'where_location':'Paris','who':['Ana','Bo'],\
            'why':'because','how':'slowly','memory_type':'episodic',\
            'embedding':[0.5,-1.0E-9,1.6777216E7]},{'id':'m2','content':'second',\
            'similarity':0.875,'score':1.5,'activation':0.25,'confidence':0.7,\
            'when':'2024-10-30T11:00:00Z','created_at':'2024-10-30T12:00:00.123Z',\
            'metadata':{},'tags':[]}],'more_results':true,'snapshot_sequence':42,\
            'metadata':{'total_activated':100,'above_threshold':2,'avg_activation':0.25,\
            'recall_time_ms':3}}\
            """);
  }

  private static Recalled recalled(
      String id, String content, Circumstances known, @Nullable Embedding embedding) {
    Episode episode =
        new Episode(new MemoryId(id), null, content, embedding, Confidence.DEFAULT, known);
    Memory memory =
        new Memory(new MemoryId(id), 1, TIME, Instant.parse("2024-10-30T11:00:00Z"), episode);
    return new Recalled(memory, 1.5f, 0.875f, 0.25f);
  }

  @Property
  void anyTextReadsBackAsItWas(@ForAll String text) {
    assertThat(readBack(text)).isEqualTo(replaceLoneSurrogates(text));
  }

  private static String replaceLoneSurrogates(String text) {
    StringBuilder whole = new StringBuilder();
    text.codePoints()
        .map(code -> code >= 0xd800 && code <= 0xdfff ? 0xfffd : code)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }

  @Property
  void anyNumberReadsBackAsItWas(@ForAll long number, @ForAll float fraction) {
    assertThat(written(new JsonWriter().number(number))).isEqualTo(Long.toString(number));
    if (Float.isFinite(fraction)) {
      assertThat(Float.parseFloat(written(new JsonWriter().number(fraction)))).isEqualTo(fraction);
    } else {
      assertThat(written(new JsonWriter().number(fraction))).isEqualTo("null");
    }
  }

  @Property
  void anyTimeReadsBackInMilliseconds(
      @ForAll @LongRange(min = -62_167_219_200_000L, max = 253_402_300_799_999L) long millis) {
    Instant time = Instant.ofEpochMilli(millis);
    String text = written(new JsonWriter().time(time));

    assertThat(Instant.parse(text.substring(1, text.length() - 1))).isEqualTo(time);
  }

  private static String readBack(String text) {
    JsonWriter writer = new JsonWriter().text(text);
    try (JsonParser parser = new JsonFactory().createParser(writer.bytes(), 0, writer.length())) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String written(JsonWriter writer) {
    return new String(writer.bytes(), 0, writer.length(), StandardCharsets.UTF_8);
  }

  private String encode(ServerMessage message) {
    return written(encoder.encode(message)).replace('"', '\'');
  }
}
