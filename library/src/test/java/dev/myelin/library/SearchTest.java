package dev.myelin.library;

import static dev.myelin.library.LibraryFixture.turning;
import static dev.myelin.library.LibraryFixture.vector;
import static dev.myelin.library.LibraryServiceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.library.search.SearchHit;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.embedding.EmbeddingConfig;
import dev.myelin.memory.filter.Condition;
import dev.myelin.memory.filter.Condition.Operator;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SpaceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions to libraries.
final class SearchTest {
  @TempDir Path folder;
  private LibraryFixture fixture;
  private SpaceId library;

  @BeforeEach
  void open() {
    fixture = new LibraryFixture(folder);
    library = fixture.library("papers");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<SearchHit> hits(Search search) {
    return fixture.service.search(search).hits();
  }

  private static Condition where(String field, Operator operator, String... values) {
    return new Condition(field, operator, List.of(values));
  }

  @Test
  void ranksByDistanceAndNamesTheDocument() {
    fixture.service.add(library, turning("doc", 100, 0), Cause.NONE);
    List<SearchHit> hits = hits(Search.near(library, vector(1, 0)).withK(5).withEmbeddings());
    assertThat(hits).hasSize(5);
    for (int i = 0; i < 5; i++) {
      SearchHit hit = hits.get(i);
      assertThat(hit.passage().index()).isEqualTo(i);
      assertThat(hit.distance()).isCloseTo((float) (1 - Math.cos(i * 0.01)), within(1e-5f));
      assertThat(hit.documentId()).isEqualTo("doc");
      assertThat(hit.documentTitle()).isEqualTo("Title of doc");
      assertThat(hit.passage().embedding()).isNotNull();
    }
    List<SearchHit> near =
        hits(Search.near(library, vector(1, 0)).withK(100).withMaxDistance(0.0012f));
    assertThat(near).hasSize(5);
    List<SearchHit> opposite = hits(Search.near(library, vector(-1, 0)).withK(1));
    assertThat(opposite.getFirst().distance()).isBetween(1f, 2f);
    assertThat(opposite.getFirst().passage().embedding()).isNull();
  }

  @Test
  void filtersInsideTheSearchByEveryField() {
    for (int i = 0; i < 50; i++) {
      DocumentMeta meta =
          new DocumentMeta(
              "Title " + i,
              i % 2 == 0 ? "Ada" : "Bob",
              i < 25 ? "report" : "note",
              "https://example.org/" + i,
              List.of("tag-" + i % 5),
              Map.of("year", 2000 + i, "done", i % 2 == 0, "list", List.of("a" + i, 7)));
      fixture.service.add(library, turning("doc-" + i, 2, i * 0.05).withMeta(meta), Cause.NONE);
      fixture.now = fixture.now.plus(Duration.ofMinutes(1));
    }
    assertFound(25, where("author", Operator.EQ, "Ada"));
    assertFound(25, where("document_type", Operator.EQ, "note"));
    assertFound(1, where("source_url", Operator.EQ, "https://example.org/49"));
    assertFound(10, where("tags", Operator.CONTAINS, "tag-4"));
    assertFound(5, where("year", Operator.GTE, "2045"));
    assertFound(25, where("done", Operator.NE, "true"));
    assertFound(1, where("list", Operator.CONTAINS, "a13"));
    assertFound(2, where("document_id", Operator.IN, "doc-1", "doc-48"));
    assertFound(1, where("document_title", Operator.EQ, "Title 49"));
    assertFound(50, where("chunk_index", Operator.EQ, "1"));
    assertFound(50, where("chunk_start", Operator.GT, "0"));
    assertFound(10, where("created_at", Operator.LT, "2026-03-01T13:10:00+01:00"));
    assertFound(
        5,
        where("author", Operator.EQ, "Ada"),
        where("created_at", Operator.LT, "2026-03-01T12:10:00Z"));
  }

  private void assertFound(int documents, Condition... conditions) {
    List<SearchHit> hits = hits(Search.near(library, vector(1, 0)).withK(100).where(conditions));
    assertThat(hits.stream().map(SearchHit::documentId).distinct()).hasSize(documents);
    assertThat(hits).isSortedAccordingTo((a, b) -> Float.compare(a.distance(), b.distance()));
    Search worded = Search.about(library, "passage", Mode.WORDS).withK(100).where(conditions);
    assertThat(hits(worded)).hasSameSizeAs(hits);
  }

  @Test
  void findsNothingOfWhatWasDeleted() {
    for (int i = 0; i < 10; i++) {
      fixture.service.add(library, turning("doc-" + i, 5, i * 0.01), Cause.NONE);
    }
    for (int i = 0; i < 9; i++) {
      fixture.service.delete(library, "doc-" + i, null, Cause.NONE);
    }
    for (int round = 0; round < 2; round++) {
      for (Mode mode : Mode.values()) {
        Search search =
            new Search(library, "passage doc", vector(1, 0), 100, 2f, List.of(), mode, false);
        assertThat(hits(search))
            .hasSize(5)
            .allSatisfy(hit -> assertThat(hit.documentId()).isEqualTo("doc-9"));
      }
      fixture.restart();
    }
  }

  @Test
  void fusesWordsAndMeaning() {
    fixture.service.add(
        library,
        NewDocument.ofPassages(
            "Pair",
            List.of(new NewPassage("apple", vector(1, 0)), new NewPassage("pear", vector(0, 1)))),
        Cause.NONE);
    Search both = new Search(library, "pear", vector(0, 1), 2, 2f, List.of(), Mode.HYBRID, false);
    List<SearchHit> hits = hits(both);
    assertThat(hits).hasSize(2);
    assertThat(hits.getFirst().passage().text()).isEqualTo("pear");
    assertThat(hits.getFirst().distance()).isCloseTo(0f, within(1e-6f));
    assertThat(hits.getFirst().score()).isGreaterThan(hits.getLast().score());
    assertThat(hits(both.withMaxDistance(0.5f))).hasSize(1);
  }

  @Test
  void findsWordsWhereATextHasNoMeaning() {
    fixture.service.add(library, turning("doc", 3, 0), Cause.NONE);
    Search asked = Search.about(library, "passage", Mode.AUTOMATIC);
    assertThat(hits(asked)).hasSize(3).allSatisfy(hit -> assertThat(hit.distance()).isNaN());
    assertThat(fixture.service.search(asked).mode()).isEqualTo(Mode.WORDS);
    Search near = Search.near(library, vector(1, 0)).in(Mode.AUTOMATIC);
    assertThat(fixture.service.search(near).mode()).isEqualTo(Mode.MEANING);
    // Who wants near ones only is not given ones of unknown distance.
    refused(asked.withMaxDistance(0.5f), "query cannot be embedded");
    refused(asked.in(Mode.WORDS).withMaxDistance(0.5f), "words have no distance");
  }

  @Test
  void refusesWhatItCannotAnswer() {
    Search good = Search.near(library, vector(1, 0));
    refused(good.withK(0), "k is 0 (expected: 1 to 100)");
    refused(good.withK(101), "k is 101");
    refused(good.withMaxDistance(Float.NaN), "distance_threshold is NaN");
    refused(Search.about(library, " ", Mode.WORDS), "query is blank");
    refused(Search.about(library, "text", Mode.MEANING), "query cannot be embedded");
    refused(
        new Search(library, null, vector(1, 0), 1, 2f, List.of(), Mode.WORDS, false),
        "query is missing (expected: a text)");
    fixture.service.add(library, turning("doc", 1, 0), Cause.NONE);
    assertRefused(
        () -> hits(Search.near(library, vector(1, 0, 0))),
        ErrorCode.DIMENSION_MISMATCH,
        "embedding has 3 values (expected: 2)");
    assertRefused(
        () -> hits(Search.near(SpaceId.parse("nowhere"), vector(1, 0))),
        ErrorCode.LIBRARY_NOT_FOUND,
        "nowhere");
  }

  private void refused(Search search, String text) {
    assertRefused(() -> hits(search), ErrorCode.INVALID_SEARCH, text);
  }

  @Test
  void findsATextByItsMeaningAsSoonAsItIsAdded() {
    fixture.close();
    try (Embedder embedder = Embedder.open(EmbeddingConfig.DEFAULT).orElseThrow()) {
      fixture = new LibraryFixture(folder, embedder, LibraryConfig.DEFAULT);
      fixture.service.addAll(
          library,
          List.of(
              NewDocument.ofText("Pets", "A kitten sleeps on the sofa."),
              NewDocument.ofText("Money", "The central bank raised interest rates.")),
          Cause.NONE);
      List<SearchHit> hits = hits(Search.about(library, "a young cat", Mode.MEANING));
      assertThat(hits.getFirst().documentTitle()).isEqualTo("Pets");
      assertThat(hits.getFirst().distance()).isLessThan(hits.getLast().distance());
      assertThat(hits(Search.about(library, "young cat", Mode.HYBRID)).getFirst().documentTitle())
          .isEqualTo("Pets");
      assertThat(hits(Search.about(library, "young cat", Mode.WORDS))).isEmpty();
      assertThat(fixture.service.search(Search.about(library, "cat", Mode.AUTOMATIC)).mode())
          .isEqualTo(Mode.MEANING);
      fixture.service.add(
          library, NewDocument.ofText("Later", "Quarks are small.").deferred(), Cause.NONE);
      assertThat(hits(Search.about(library, "quarks", Mode.WORDS))).hasSize(1);
      assertThat(fixture.service.statistics(library).waiting()).isEqualTo(1);
      fixture.close();
      fixture = new LibraryFixture(folder);
    }
  }
}
