package dev.myelin.memory.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Episode;
import dev.myelin.model.MemoryType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextAnalysisTest {
  private final TextAnalysis analysis = new TextAnalysis();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Ana's garden    | gardens
          she was running | Who runs?
          The CAFÉ closed | café
          three kittens   | Did you see a kitten?
          """)
  void findsOtherFormsOfAWord(String text, String question) {
    assertThat(shared(analysis.terms(Episode.of(text)), analysis.question(question))).isPositive();
  }

  @Test
  void asksWithoutTheWordsThatAnyQuestionHas() {
    assertThat(analysis.question("What did you do with the old boat?").size()).isEqualTo(2);
  }

  @Test
  void aQuestionOfNothingButSuchWordsIsAskedAsItIs() {
    Terms question = analysis.question("who are you");
    assertThat(question.size()).isPositive();
    assertThat(shared(analysis.terms(Episode.of("Who goes there?")), question)).isEqualTo(1);
  }

  @Test
  void findsWhereWithWhomWhyAndHow() {
    Circumstances about =
        new Circumstances(
            "Lisbon",
            List.of("Ana", "Tomás"),
            "vacation",
            "by train",
            List.of("label"),
            Map.of("key", "value"),
            MemoryType.UNSPECIFIED,
            null,
            0.5f,
            0f);
    Terms terms =
        analysis.terms(new Episode(null, null, "arrived", null, Confidence.DEFAULT, about));
    for (String word : List.of("arrive", "lisbon", "ana", "tomás", "vacations", "trains")) {
      assertThat(shared(terms, analysis.question(word))).as(word).isEqualTo(1);
    }
    assertThat(shared(terms, analysis.question("label key value"))).isZero();
  }

  @Test
  void findsTheDayInUtc() {
    Terms text = analysis.terms(Episode.of("rain"));
    Terms dated = analysis.withDay(text, Instant.parse("2026-05-08T23:59:59Z"));
    assertThat(dated.length()).isEqualTo(5);
    for (String question : List.of("May", "Fridays", "2026", "on the 8", "rains")) {
      assertThat(shared(dated, analysis.question(question))).as(question).isEqualTo(1);
    }
    Terms next = analysis.withDay(text, Instant.parse("2026-05-09T00:00:00Z"));
    assertThat(shared(next, analysis.question("Saturday"))).isEqualTo(1);
    assertThat(shared(next, analysis.question("Friday"))).isZero();
    Terms ancient = analysis.withDay(text, Instant.parse("-0044-03-15T12:00:00Z"));
    assertThat(shared(ancient, analysis.question("March"))).isEqualTo(1);
    assertThat(analysis.withDay(text, Instant.MAX).length()).isEqualTo(5);
  }

  @Test
  void whatHasNoWordsHasNoDayEither() {
    assertThat(analysis.withDay(analysis.terms(Episode.of("--")), Instant.EPOCH).length()).isZero();
  }

  private static int shared(Terms text, Terms question) {
    int shared = 0;
    for (int i = 0; i < question.size(); i++) {
      shared += text.frequencyOf(question.hash(i)) > 0 ? 1 : 0;
    }
    return shared;
  }
}
