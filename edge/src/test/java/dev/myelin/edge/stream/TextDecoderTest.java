package dev.myelin.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.memory.MemoryFilter;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.MemoryType;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.Close;
import dev.myelin.stream.ClientMessage.Flow;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ClientMessage.Invalid;
import dev.myelin.stream.ClientMessage.Malformed;
import dev.myelin.stream.ClientMessage.Observe;
import dev.myelin.stream.ClientMessage.Recall;
import dev.myelin.stream.StreamOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextDecoderTest {
  private static final String SESSION = "550e8400-e29b-41d4-a716-446655440000";
  private static final SessionId SESSION_ID = SessionId.parse(SESSION).orElseThrow();
  private static final SpaceId SPACE = SpaceId.parse("session-space");

  private final TextDecoder decoder = new TextDecoder();

  @Test
  void readsInitAsTheContractSpellsIt() {
    assertThat(
            decode(
                "{'type':'init','memory_space_id':'my-space','client_buffer_size':1000,"
                    + "'enable_backpressure':true,'resume_session_id':'"
                    + SESSION
                    + "','ack_mode':'batch','indexed_acks':true}"))
        .isEqualTo(
            new Init(
                SpaceId.parse("my-space"), SESSION_ID, new StreamOptions(1_000, true, true, true)));
  }

  @Test
  void takesDefaultsForWhatInitLeavesOut() {
    Init plain = new Init(SpaceId.DEFAULT, null, new StreamOptions(0, false, false, false));

    assertThat(decode("{'type':'init'}")).isEqualTo(plain);
    assertThat(decode("{'type':'init','memory_space_id':null,'resume_session_id':'unknown'}"))
        .isEqualTo(plain);
    assertThat(decode("{'type':'init','memory_space_id':'','ack_mode':'single'}")).isEqualTo(plain);
  }

  @Test
  void readsAnObservationAsTheContractSpellsIt() {
    Observe observe =
        observe(
            "{'type':'observation','session_id':'"
                + SESSION
                + "','sequence_number':1,'episode':{'id':'episode_001',"
                + "'when':'2024-10-30T12:00:00Z','what':'User clicked checkout button',"
                + "'embedding':[0.1,-0.25,3e-2],'encoding_confidence':0.85}}");

    assertThat(observe)
        .isEqualTo(
            new Observe(
                SESSION_ID,
                1,
                Lane.NORMAL,
                new Episode(
                    new MemoryId("episode_001"),
                    Instant.parse("2024-10-30T12:00:00Z"),
                    "User clicked checkout button",
                    Embedding.of(new float[] {0.1f, -0.25f, 0.03f}),
                    new Confidence(0.85f),
                    Circumstances.NONE)));
  }

  @Test
  void readsFieldsInAnyOrderAndIgnoresUnknownOnes() {
    Observe observe =
        observe(
            "{'episode':{'future':{'embedding':[1,[2]]},'embedding' : [ 1 , 2 ],'what':'x',"
                + "'also':[{}]},'extra':[1,{'a':[true]}],'sequence_number':'7','priority':'high',"
                + "'session_id':null,'type':'observation'}");

    assertThat(observe.session()).isNull();
    assertThat(observe.sequence()).isEqualTo(7);
    assertThat(observe.lane()).isEqualTo(Lane.HIGH);
    assertThat(observe.episode().embedding()).isEqualTo(Embedding.of(new float[] {1, 2}));
  }

  @Test
  void readsAnEmbeddingInBase64() {
    ByteBuffer values = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    values.putFloat(1.5f).putFloat(-2f).putFloat(1e-20f);
    String base64 = Base64.getEncoder().encodeToString(values.array());

    assertThat(observed("'embedding':'" + base64 + "'").embedding())
        .isEqualTo(Embedding.of(new float[] {1.5f, -2f, 1e-20f}));
  }

  @Test
  void readsAnEmbeddingWhoseKeyIsSpelledWithEscapes() {
    assertThat(observed("'\\u0065mbedding':[1,2.5]").embedding())
        .isEqualTo(Embedding.of(new float[] {1, 2.5f}));
  }

  @Test
  void isNotMisledByTextThatLooksLikeAnEmbedding() {
    Episode episode =
        observed(
            "'what':'say \\\"embedding\\\":[1,2,oops','why':'\\\"embedding\\\":[','embedding':[3]");

    assertThat(episode.what()).isEqualTo("say \"embedding\":[1,2,oops");
    assertThat(episode.embedding()).isEqualTo(Embedding.of(new float[] {3}));
  }

  @Test
  void readsWhatElseIsKnown() {
    Episode episode =
        observed(
            "'where_location':'Paris','who':['Ana','Bo'],'why':'because','how':'slowly',"
                + "'tags':['a','b'],'metadata':{'k':'v','n':1.5,'t':true,'z':null},"
                + "'memory_type':'episodic','decay_rate':0.5,'importance':2,"
                + "'emotional_valence':-3,'encoding_confidence':{'value':0.25,'reasoning':{}}");

    assertThat(episode.confidence()).isEqualTo(new Confidence(0.25f));
    assertThat(episode.circumstances())
        .isEqualTo(
            new Circumstances(
                "Paris",
                List.of("Ana", "Bo"),
                "because",
                "slowly",
                List.of("a", "b"),
                Map.of("k", "v", "n", "1.5", "t", "true"),
                MemoryType.EPISODIC,
                0.5f,
                1f,
                -1f));
  }

  @Test
  void clampsConfidence() {
    assertThat(observed("'encoding_confidence':7").confidence().value()).isEqualTo(1f);
    assertThat(observed("'encoding_confidence':-1").confidence().value()).isZero();
    assertThat(observed("'encoding_confidence':null").confidence()).isEqualTo(Confidence.DEFAULT);
  }

  @Test
  void readsTimesWithOffsetsAndFractions() {
    assertThat(observed("'when':'2024-10-30T13:00:00.25+01:00'").when())
        .isEqualTo(Instant.parse("2024-10-30T12:00:00.250Z"));
  }

  @Test
  void readsTextBeyondAscii() {
    assertThat(observed("'id':'Ünï','what':'日本語 \\ud83d\\ude00 😀'").what()).isEqualTo("日本語 😀 😀");
  }

  @Test
  void readsFlowControl() {
    for (FlowAction action : FlowAction.values()) {
      String name = action.name().toLowerCase(Locale.ROOT);
      assertThat(
              decode(
                  "{'type':'flow_control','session_id':'"
                      + SESSION
                      + "','action':'"
                      + name
                      + "','buffer_remaining':5}"))
          .isEqualTo(new Flow(SESSION_ID, action, 5));
    }
  }

  @Test
  void readsClose() {
    assertThat(decode("{'type':'close','session_id':'" + SESSION + "','last_sequence':9}"))
        .isEqualTo(new Close(SESSION_ID, false));
    assertThat(decode("{'type':'close','drain':true}")).isEqualTo(new Close(null, true));
    assertThat(decode("{'type':'close','drain_queue':true}")).isEqualTo(new Close(null, true));
  }

  @Test
  void readsARecallWithEverything() {
    Recall recall =
        recall(
            "{'type':'recall','request_id':'q1','memory_space_id':'other','max_results':3,"
                + "'snapshot_isolation':true,'snapshot_time':'2024-10-30T12:00:00Z',"
                + "'include_embeddings':true,'rank_by_activation':true,'cue':{'embedding':[1,0],"
                + "'text':'checkout','time_start':'2024-01-01T00:00:00Z',"
                + "'time_end':'2025-01-01T00:00:00Z','min_confidence':0.5,'min_similarity':0.1,"
                + "'required_tags':['a'],'excluded_tags':['b'],'people':['Ana'],'place':'Paris'}}");

    assertThat(recall.requestId()).isEqualTo("q1");
    assertThat(recall.query())
        .isEqualTo(
            new RecallQuery(
                SpaceId.parse("other"),
                Embedding.of(new float[] {1, 0}),
                "checkout",
                new MemoryFilter(
                    Instant.parse("2024-01-01T00:00:00Z"),
                    Instant.parse("2025-01-01T00:00:00Z"),
                    Instant.parse("2024-10-30T12:00:00Z"),
                    0.5f,
                    List.of("a"),
                    List.of("b"),
                    List.of("Ana"),
                    "Paris"),
                3,
                0.1f,
                Long.MAX_VALUE,
                true,
                true));
  }

  @Test
  void looksInTheSessionsSpaceUnlessTheRecallNamesOne() {
    assertThat(recall("{'type':'recall','cue':{'text':'x'}}").query().space()).isEqualTo(SPACE);
  }

  @Test
  void takesConditionsBesideTheCueToo() {
    Recall recall = recall("{'type':'recall','required_tags':'a','location':'Rome'}");

    assertThat(recall.query().filter().requiredTags()).containsExactly("a");
    assertThat(recall.query().filter().place()).isEqualTo("Rome");
    assertThat(recall.query().text()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{oops",
        "",
        "   ",
        "{'type':'init'",
        "[1,2]",
        "null",
        "'init'",
        "{'type':'init'} {}",
        "{'type':'init',}",
        "{'type':'init'}]",
        "{'sequence_number':NaN,'type':'observation'}",
        "{'sequence_number':01,'type':'observation'}",
        "{'episode':{'embedding':[NaN]},'sequence_number':1,'type':'observation'}",
        "{'episode':{'embedding':[1,Infinity]},'sequence_number':1,'type':'observation'}",
        "{'episode':{'embedding':[1,]},'sequence_number':1,'type':'observation'}",
        "{'episode':{'embedding':[1",
        "{'episode':{'what':'\\x'},'type':'observation'}",
        "{'type':'init','type':'init'}",
        "{'x':{'a':1,'a':2},'type':'init'}"
      })
  void saysThatItIsNoJson(String text) {
    assertThat(malformed(text)).startsWith("Invalid JSON: ").endsWith("per text frame.");
  }

  @Test
  void refusesDeepNesting() {
    String deep = "{'x':" + "[".repeat(100_000) + "]".repeat(100_000) + ",'type':'init'}";

    assertThat(malformed(deep)).contains("nested deeper than " + TextDecoder.MAX_DEPTH);
  }

  @Test
  void namesAFieldThatIsThereTwice() {
    assertThat(malformed("{'type':'init','sequence_number':1,'sequence_number':2}"))
        .contains("\"sequence_number\"");
  }

  @Test
  void namesTheByteThatMakesNoSense() {
    assertThat(malformed("{'type':oops}")).contains("makes no sense near byte 13 of 13");
    assertThat(malformed("{'cue':{'embedding':[1,2,3],oops}}")).contains("near byte 29 of 34");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                   | Missing 'type' field
          {'type':null}                        | Missing 'type' field
          {'type':7}                           | Invalid 'type' field: type is 7 (expected: a string).
          {'type':'hello'}                     | Unknown message type: "hello"
          {'type':'init','memory_space_id':'X'}| Invalid init request: Invalid memory_space_id: "X"
          {'type':'init','client_buffer_size':-1}| Invalid init request: client_buffer_size is -1
          {'type':'init','client_buffer_size':1.5}| client_buffer_size is a number with a fraction
          {'type':'init','ack_mode':'all'}     | ack_mode is "all" (expected: single or batch).
          {'type':'init','enable_backpressure':'yes'}| enable_backpressure is "yes" (expected: true or false).
          {'type':'observation','episode':{'what':'x'}}| Invalid observation request: missing field sequence_number
          {'type':'observation','sequence_number':'x'}| sequence_number is "x" (expected: a whole number from 0).
          {'type':'observation','sequence_number':99999999999999999999}| sequence_number is a number beyond 64 bits
          {'type':'observation','sequence_number':{}}| sequence_number is an object
          {'type':'observation','sequence_number':1,'session_id':'abc'}| Session ID mismatch: "abc"
          {'type':'flow_control'}              | Invalid flow control request: missing field action
          {'type':'flow_control','action':'stop'}| Unknown flow control action: "stop"
          {'type':'recall'}                    | Invalid recall request: missing field cue
          {'type':'recall','cue':7}            | cue is a number (expected: an object).
          {'type':'recall','cue':{'embedding':[1,'x']}}| embedding[1] is a string (expected: a number).
          {'type':'recall','cue':{'time_start':'now'}}| time_start is "now" (expected: a time of RFC 3339
          {'type':'recall','cue':{'text':['x']}}| text is an array (expected: a string).
          {'type':'close','drain':1}           | Invalid close request: drain is 1 (expected: true or false).
          """)
  void saysWhatIsWrong(String text, String expected) {
    assertThat(malformed(text)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'what':7                    | what is a number (expected: a string).
          'what':''                   | neither what nor embedding
          'embedding':[]              | it has 0 values
          'embedding':[0,0.0,-0]      | all values are zero
          'embedding':[1,1e39]        | value 1 is Infinity
          'embedding':[1,null]        | embedding[1] is null (expected: a number).
          'embedding':[1,[2,3],{}]    | embedding[1] is an array
          'embedding':{'a':1}         | embedding is an object
          'embedding':'A*A'           | not base64
          'embedding':'AAAA'          | base64 of 3 bytes
          'embedding':'AADAfw=='      | value 0 is NaN
          'when':'yesterday'          | when is "yesterday" (expected: a time of RFC 3339
          'when':12                   | when is a number
          'encoding_confidence':'big' | encoding_confidence is a string (expected: a number).
          'encoding_confidence':1e999 | Invalid confidence: Infinity
          'who':[1]                   | who[0] is a number (expected: a string).
          'metadata':{'a':{}}         | metadata.a is an object (expected: a string).
          'memory_type':'odd'         | memory_type is "odd"
          'what':'\\ud800'            | half of a surrogate pair
          """)
  void rejectsAnObservationWhoseEpisodeIsInvalid(String fields, String expected) {
    Invalid invalid = invalid(fields);

    assertThat(invalid.sequence()).isEqualTo(5);
    assertThat(invalid.session()).isEqualTo(SESSION_ID);
    assertThat(invalid.reason().text()).contains(expected);
  }

  @Test
  void rejectsLongIdsAndTexts() {
    assertThat(invalid("'id':'" + "x".repeat(10_000) + "'").reason().code())
        .isEqualTo(ErrorCode.INVALID_EPISODE);
    assertThat(invalid("'what':'" + "y".repeat(70_000) + "'").reason().text()).contains("65536");
    assertThat(invalid("'embedding':[" + "1,".repeat(5_000) + "1]").reason().text())
        .contains("5001 values");
  }

  @Test
  void rejectsAnObservationWithoutEpisodeOrWithAStrangePriority() {
    assertThat(decode("{'type':'observation','sequence_number':5}"))
        .isInstanceOfSatisfying(
            Invalid.class, e -> assertThat(e.reason().text()).contains("missing field episode"));
    assertThat(
            decode(
                "{'type':'observation','sequence_number':5,'priority':'top','episode':{'what':'x'}}"))
        .isInstanceOfSatisfying(
            Invalid.class, e -> assertThat(e.reason().text()).contains("priority is \"top\""));
  }

  @Test
  void goesOnAfterAnError() {
    malformed("{'episode':{'embedding':[1,2");
    assertThat(decode("{'type':'init'}")).isInstanceOf(Init.class);
    assertThat(recall("{'type':'recall','cue':{}}").query().embedding()).isNull();
  }

  private ClientMessage decode(String textWithSingleQuotes) {
    byte[] bytes = textWithSingleQuotes.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    byte[] scratch = Arrays.copyOf(bytes, bytes.length + 32);
    return decoder.decode(scratch, bytes.length, SPACE);
  }

  private Observe observe(String text) {
    return (Observe) decode(text);
  }

  private Recall recall(String text) {
    return (Recall) decode(text);
  }

  private Episode observed(String fields) {
    String what = fields.contains("'what'") ? "" : "'what':'x',";
    return observe("{'type':'observation','sequence_number':5,'episode':{" + what + fields + "}}")
        .episode();
  }

  private Invalid invalid(String fields) {
    return (Invalid)
        decode(
            "{'type':'observation','session_id':'"
                + SESSION
                + "','sequence_number':5,'episode':{"
                + fields
                + "}}");
  }

  private String malformed(String text) {
    ClientMessage message = decode(text);
    assertThat(message).isInstanceOf(Malformed.class);
    return ((Malformed) message).reason().text();
  }
}
