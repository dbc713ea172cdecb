package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.memory.filter.Condition;
import dev.myelin.memory.filter.Condition.Operator;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.MemoryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Conditions on metadata: what they mean, and that tail and index agree on it.
final class ConditionTest {
  private static final List<String> VALUES =
      List.of(
          "",
          "1",
          "1.0",
          "2",
          "-3.5",
          "10",
          "abc",
          "abd",
          "b*c",
          "a?c",
          "back\\slash",
          "2026-01-02",
          "+",
          "1e400",
          "NaN",
          "ünïcode",
          Condition.list(List.of("abc", "x")),
          Condition.list(List.of("x")),
          Condition.list(List.of()),
          "0",
          "-0");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "EQ,1,1.0,true", "EQ,abc,abc,true", "EQ,abc,ABC,false", "NE,1,1.0,false", "NE,1,2,true",
    "GT,2,10,true", "GT,abc,abd,true", "GT,2,abc,false", "LT,2,abc,false", "LT,2,1,true",
    "LTE,2,2.0,true", "GTE,2026-01-01,2026-01-02,true", "CONTAINS,b,abc,true",
        "CONTAINS,d,abc,false"
  })
  void saysWhatPasses(Operator operator, String value, String actual, boolean passes) {
    assertThat(new Condition("f", operator, List.of(value)).accepts(actual)).isEqualTo(passes);
  }

  @Test
  void looksIntoLists() {
    String list = Condition.list(List.of("red", "dark green"));
    assertThat(Condition.elements(list)).containsExactly("red", "dark green");
    assertThat(Condition.elements(Condition.list(List.of()))).isEmpty();
    assertThat(Condition.elements("red")).isNull();
    assertThat(new Condition("f", Operator.CONTAINS, List.of("dark green")).accepts(list)).isTrue();
    assertThat(new Condition("f", Operator.CONTAINS, List.of("green")).accepts(list)).isFalse();
  }

  @Test
  void wantsValues() {
    assertThatThrownBy(() -> new Condition("f", Operator.EQ, List.of("a", "b")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Condition("f", Operator.IN, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tailAndIndexAgree() {
    MemoryConfig config =
        new MemoryConfig(10, 10, java.time.Duration.ofHours(1), 1 << 30, 8, 8, 10);
    try (EngineFixture fixture = new EngineFixture(folder, config, null)) {
      for (int i = 0; i < VALUES.size(); i++) {
        fixture.remember(pair("m" + i, Map.of("f", VALUES.get(i), "g", "1")));
      }
      fixture.remember(pair("none", Map.of("fa", "abc")));
      List<Condition> all = conditions();
      List<List<String>> fromTail = all.stream().map(c -> passing(fixture, c)).toList();
      for (int i = 0; i < 8; i++) {
        fixture.remember(pair("fill" + i, Map.of("h", "1")));
        fixture.engine.settleIndexes();
      }
      fixture.restart();
      for (int i = 0; i < all.size(); i++) {
        List<String> expected = new ArrayList<>(fromTail.get(i));
        assertThat(passing(fixture, all.get(i))).as("%s", all.get(i)).isEqualTo(expected);
      }
    }
  }

  private static List<Condition> conditions() {
    List<Condition> all = new ArrayList<>();
    for (Operator operator : Operator.values()) {
      VALUES.forEach(value -> all.add(new Condition("f", operator, List.of(value))));
    }
    all.add(new Condition("f", Operator.IN, List.of("1", "abc", "zzz")));
    return all;
  }

  private static List<String> passing(EngineFixture fixture, Condition condition) {
    RecallQuery query =
        RecallQuery.near(SPACE, Embedding.of(new float[] {1, 0}))
            .withMaxResults(100)
            .withFilter(MemoryFilter.where(List.of(condition)));
    return fixture.recall(query).stream().filter(id -> !id.startsWith("fill")).sorted().toList();
  }

  private static Episode pair(String id, Map<String, String> metadata) {
    return new Episode(
        new MemoryId(id),
        null,
        "text",
        Embedding.of(new float[] {1, 0.5f}),
        Confidence.DEFAULT,
        new Circumstances(
            null,
            List.of(),
            null,
            null,
            List.of(),
            metadata,
            MemoryType.UNSPECIFIED,
            null,
            0.5f,
            0f));
  }
}
