package dev.myelin.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.model.Observation;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineParserTest {
  private static Observation parse(String line) throws BadLine {
    return new LineParser(LineFormat.AUTO).parse(line).orElseThrow();
  }

  @Test
  void aPlainLineIsWhatHappened() throws BadLine {
    assertThat(parse("  Ada likes trains ").what()).isEqualTo("Ada likes trains");
  }

  @Test
  void aBlankLineIsNoObservation() throws BadLine {
    assertThat(new LineParser(LineFormat.JSONL).parse("  \t")).isEmpty();
  }

  @Test
  void aJsonLineSaysAllThatIsKnown() throws BadLine {
    Observation observation =
        parse(
            """
            {"content":"agreed","id":7,"when":"2026-01-31T12:00:00+01:00","embedding":[1,-0.5],\
            "confidence":0.9,"tags":["a","b"],"people":"Ada","place":"Bern",\
            "metadata":{"n":1},"unknown":{"deep":[1]},"why":null}\
            """);

    assertThat(observation.what()).isEqualTo("agreed");
    assertThat(observation.id()).contains("7");
    assertThat(observation.when()).contains(Instant.parse("2026-01-31T11:00:00Z"));
    assertThat(observation.embedding().values()).containsExactly(1f, -0.5f);
    assertThat(observation.confidence()).isEqualTo(0.9f);
    assertThat(observation.details().tags()).containsExactly("a", "b");
    assertThat(observation.details().people()).containsExactly("Ada");
    assertThat(observation.details().place()).isEqualTo("Bern");
    assertThat(observation.details().metadata()).isEqualTo(Map.of("n", "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {bad | not JSON
          {"what":5} | what (expected: a string)
          {"what":"x"} {} | more after the JSON object
          {"what":"x","tags":3} | tags (expected: an array of strings)
          {"what":"x","when":"soon"} | when (expected: a time
          {"what":"x","embedding":["a"]} | embedding[0] (expected: a number)
          {"embedding":[0,0]} | all zero
          {"id":"x"} | expected: what, embedding or both
          """)
  void aBadLineIsNamed(String line, String text) {
    assertThatThrownBy(() -> parse(line)).isInstanceOf(BadLine.class).hasMessageContaining(text);
  }

  @Test
  void aTextMayBeginWithABraceIfThatIsSaid() throws BadLine {
    assertThat(new LineParser(LineFormat.TEXT).parse("{bad").orElseThrow().what())
        .isEqualTo("{bad");
  }
}
