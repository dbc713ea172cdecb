package dev.myelin.library;

import static dev.myelin.library.LibraryFixture.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.library.search.SearchHit;
import dev.myelin.memory.filter.Condition;
import dev.myelin.memory.filter.Condition.Operator;
import dev.myelin.model.SpaceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every operator on every field, by meaning and by words, on what is fresh and on what is indexed,
/// against what the values themselves say.
final class SearchFilterTest {
  private static final int DOCUMENTS = 24;
  private static final String FIRST = "first passage";
  private static final Map<String, List<String>> QUESTIONS = questions();

  @TempDir Path folder;
  private LibraryFixture fixture;
  private SpaceId library;

  /// What is known of each document, by name: texts, numbers and lists of texts.
  private final Map<String, Map<String, Object>> documents = new LinkedHashMap<>();

  @BeforeEach
  void open() {
    fixture = new LibraryFixture(folder);
    library = fixture.library("papers");
    for (int i = 0; i < DOCUMENTS; i++) {
      add(i);
      fixture.now = fixture.now.plus(Duration.ofMinutes(1));
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /// What each field is asked for: values that are there, some between them, some of another kind.
  private static Map<String, List<String>> questions() {
    Map<String, List<String>> questions = new LinkedHashMap<>();
    questions.put("document_title", List.of("Title 3", "Title 1", "Other", "7"));
    questions.put("author", List.of("Ada", "Bob", "B", "Zoe", "12"));
    questions.put("document_type", List.of("note", "report", "port"));
    questions.put("source_url", List.of("https://example.org/5", "example.org", "https://a"));
    questions.put("tags", List.of("tag-1", "tag", "4"));
    questions.put(
        "created_at", List.of("2026-03-01T12:05:00Z", "2026-03-01T13:09:30+01:00", "T12:1"));
    questions.put("document_id", List.of("doc-2", "doc-11", "doc"));
    questions.put("chunk_index", List.of("0", "1", "0.5"));
    questions.put("chunk_start", List.of("0", "5"));
    questions.put("year", List.of("2004", "2004.0", "2010.5", "20", "-1", "many"));
    questions.put("weight", List.of("0.25", "1e0", "1.5", "-3"));
    questions.put("done", List.of("true", "false", "tr"));
    questions.put("list", List.of("a3", "7", "a"));
    questions.put("due", List.of("2026-05-01T00:00:00Z", "2026-05-03T00:00:00Z"));
    questions.put("nobody has this", List.of("a", "1"));
    return questions;
  }

  private void add(int i) {
    String id = "doc-" + i;
    String author = i % 3 == 0 ? null : i % 3 == 1 ? "Ada" : "Bob";
    String url = i % 4 == 0 ? null : "https://example.org/" + i;
    List<String> tags = i % 5 == 0 ? List.of() : List.of("tag-" + i % 5, "all");
    Map<String, Object> own = new HashMap<>();
    own.put("year", i % 6 == 0 ? "many" : 2000 + i);
    own.put("weight", i / 4.0);
    own.put("done", i % 2 == 0);
    own.put("list", List.of("a" + i % 7, 7));
    if (i % 2 == 1) {
      own.put("due", "2026-05-0" + (1 + i % 5) + "T00:00:00Z");
    }
    DocumentMeta meta =
        new DocumentMeta("Title " + i, author, i % 2 == 0 ? "note" : "report", url, tags, own);
    List<NewPassage> passages =
        List.of(
            new NewPassage(FIRST, vector(1, i * 0.01f)),
            new NewPassage("second passage", vector(1, i * 0.01f + 0.005f)));
    var _ =
        fixture.service.add(library, new NewDocument(id, meta, null, passages, false), Cause.NONE);
    Map<String, Object> known = new HashMap<>();
    known.put("document_title", meta.title());
    known.put("document_type", meta.documentType());
    known.put("document_id", id);
    known.put("created_at", "2026-03-01T12:%02d:00.000Z".formatted(i));
    known.put("tags", tags);
    own.forEach((name, value) -> known.put(name, known(value)));
    if (author != null) {
      known.put("author", author);
    }
    if (url != null) {
      known.put("source_url", url);
    }
    documents.put(id, known);
  }

  private static Object known(Object value) {
    return switch (value) {
      case Number number -> number;
      case List<?> list -> list.stream().map(String::valueOf).toList();
      default -> value.toString();
    };
  }

  @Test
  void findsWhatEveryOperatorOnEveryFieldSays() {
    assertAllFound("fresh");
    var _ = fixture.service.indexes().optimize(library);
    fixture.restart();
    assertAllFound("indexed, and read again");
  }

  private void assertAllFound(String state) {
    Map<Operator, Integer> telling = new HashMap<>();
    QUESTIONS.forEach((field, values) -> {
      for (Operator operator : Operator.values()) {
        for (Condition condition : conditions(field, operator, values)) {
          List<String> expected = expected(condition);
          for (Mode mode : List.of(Mode.MEANING, Mode.WORDS)) {
            assertThat(found(condition, mode))
                .as("%s, %s, %s", state, mode, condition)
                .containsExactlyInAnyOrderElementsOf(expected);
          }
          boolean some = !expected.isEmpty() && expected.size() < 2 * DOCUMENTS;
          telling.merge(operator, some ? 1 : 0, Integer::sum);
        }
      }
    });
    assertThat(telling).hasSize(Operator.values().length);
    assertThat(telling.values()).as("questions that tell some from others").allMatch(n -> n >= 5);
  }

  private static List<Condition> conditions(String field, Operator operator, List<String> values) {
    List<Condition> conditions = new ArrayList<>();
    values.forEach(value -> conditions.add(new Condition(field, operator, List.of(value))));
    if (operator == Operator.IN) {
      conditions.add(new Condition(field, operator, values));
    }
    return conditions;
  }

  private List<String> found(Condition condition, Mode mode) {
    Search search =
        mode == Mode.WORDS
            ? Search.about(library, "passage", mode)
            : Search.near(library, vector(1, 0)).in(mode);
    return fixture.service.search(search.withK(100).where(condition)).hits().stream()
        .map(SearchFilterTest::name)
        .toList();
  }

  private static String name(SearchHit hit) {
    return hit.documentId() + " " + hit.passage().index();
  }

  /// The passages that pass, by what the documentation says of operators.
  private List<String> expected(Condition condition) {
    List<String> expected = new ArrayList<>();
    documents.forEach((id, known) -> {
      for (int index = 0; index < 2; index++) {
        Map<String, Object> all = new HashMap<>(known);
        all.put("chunk_index", index);
        all.put("chunk_start", index * (FIRST.length() + "\n\n".length()));
        Object actual = all.get(condition.field());
        if (passes(condition, actual)) {
          expected.add(id + " " + index);
        }
      }
    });
    return expected;
  }

  private static boolean passes(Condition condition, @Nullable Object actual) {
    boolean negated = condition.operator() == Operator.NE;
    if (actual == null) {
      return negated;
    }
    boolean any =
        condition.values().stream()
            .map(value -> condition.field().equals("created_at") ? time(value) : value)
            .anyMatch(value -> passes(condition.operator(), actual, value));
    return negated != any;
  }

  /// A time in the form in which it is kept.
  private static String time(String value) {
    return switch (value) {
      case "2026-03-01T12:05:00Z" -> "2026-03-01T12:05:00.000Z";
      case "2026-03-01T13:09:30+01:00" -> "2026-03-01T12:09:30.000Z";
      default -> value;
    };
  }

  private static boolean passes(Operator operator, Object actual, String value) {
    return switch (operator) {
      case EQ, NE, IN -> order(actual, value, order -> order == 0);
      case GT -> order(actual, value, order -> order > 0);
      case GTE -> order(actual, value, order -> order >= 0);
      case LT -> order(actual, value, order -> order < 0);
      case LTE -> order(actual, value, order -> order <= 0);
      case CONTAINS ->
          switch (actual) {
            case List<?> list -> list.contains(value);
            default -> actual.toString().contains(value);
          };
    };
  }

  /// A list stands before every text; numbers and texts have no order between them.
  private static boolean order(Object actual, String value, Predicate<Integer> wanted) {
    boolean number = value.matches("[-+]?[0-9.]+(e[0-9]+)?");
    return switch (actual) {
      case Number one ->
          number && wanted.test(Double.compare(one.doubleValue(), Double.parseDouble(value)));
      case List<?> _ -> !number && wanted.test(-1);
      default -> !number && wanted.test(actual.toString().compareTo(value));
    };
  }
}
