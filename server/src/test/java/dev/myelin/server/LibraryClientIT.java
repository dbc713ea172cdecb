package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.library.Documents;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.model.BatchResult;
import dev.myelin.client.library.model.Document;
import dev.myelin.client.library.model.DocumentChange;
import dev.myelin.client.library.model.DocumentFields;
import dev.myelin.client.library.model.Filter;
import dev.myelin.client.library.model.ItemResult;
import dev.myelin.client.library.model.LibraryChange;
import dev.myelin.client.library.model.LibraryInfo;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.library.model.NewPassage;
import dev.myelin.client.library.model.SearchHit;
import dev.myelin.client.library.model.SearchQuery;
import dev.myelin.client.library.model.UploadSummary;
import dev.myelin.client.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The Java client of libraries against a real server.
@Timeout(180)
class LibraryClientIT {
  static final ClientOptions PATIENT =
      ClientOptions.DEFAULT.withTimeouts(
          TestServer.PATIENCE, TestServer.PATIENCE, TestServer.PATIENCE);

  @TempDir private Path folder;
  private TestServer server;
  private LibraryClient client;

  @BeforeEach
  void open() {
    server = TestServer.open(folder);
    client = LibraryClient.connect(URI.create("http://127.0.0.1:" + server.port()), PATIENT);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private Documents papers() {
    var _ = client.libraries().create(NewLibrary.named("Papers").withId("papers"));
    return client.documents("papers");
  }

  private static void refused(int status, Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(status);
              assertThat(problem.errorType()).endsWith("Error");
              assertThat(problem.requestId()).isPresent();
              assertThat(problem.text()).isNotBlank();
            });
  }

  @Test
  void librariesAreMadeListedChangedAndDeleted() {
    LibraryInfo made =
        client
            .libraries()
            .create(
                NewLibrary.named("Papers")
                    .withId("papers")
                    .withDescription("What we read")
                    .withDimension(3)
                    .withMetadata(Map.of("owner", "Kim", "years", List.of(2020, 2021))));
    for (int i = 0; i < 120; i++) {
      var _ = client.libraries().create(NewLibrary.named("Library " + i));
    }

    assertThat(made.dimension()).isEqualTo(3);
    assertThat(made.metadata()).isEqualTo(Map.of("owner", "Kim", "years", List.of(2020, 2021)));
    assertThat(client.libraries().list().stream().map(LibraryInfo::id).distinct()).hasSize(121);
    LibraryInfo changed =
        client
            .libraries()
            .update("papers", LibraryChange.NONE.withName("Read papers"), made.version());
    assertThat(changed.name()).isEqualTo("Read papers");
    assertThat(changed.description()).isEqualTo("What we read");
    refused(
        412,
        () ->
            client.libraries().update("papers", LibraryChange.NONE.withName("x"), made.version()));
    refused(409, () -> client.libraries().create(NewLibrary.named("Again").withId("papers")));
    client.libraries().delete("papers");
    refused(404, () -> client.libraries().get("papers"));
  }

  @Test
  void documentsAreAddedReadChangedAndDeleted() {
    Documents documents = papers();
    Document cats =
        documents.add(
            NewDocument.ofTexts("Cats", List.of("Cats purr.", "A cat sleeps most of the day."))
                .withId("cats")
                .withFields(
                    new DocumentFields(
                        "Cats",
                        "Kim",
                        null,
                        "https://x.test",
                        List.of("pets"),
                        Map.of("year", 2020))));

    assertThat(cats.passageCount()).isEqualTo(2);
    assertThat(documents.get("cats")).isEqualTo(cats);
    assertThat(cats.fields().metadata()).isEqualTo(Map.of("year", 2020));
    assertThat(cats.fields().type()).isEqualTo("text");
    refused(409, () -> documents.add(NewDocument.of("Cats", "again").withId("cats")));
    refused(422, () -> documents.add(NewDocument.of("Cats", " ")));

    Document changed =
        documents.update(
            "cats",
            DocumentChange.NONE.withTitle("All cats").withText("Cats hiss."),
            cats.version());
    assertThat(changed.title()).isEqualTo("All cats");
    assertThat(changed.text()).isEqualTo("Cats hiss.");
    assertThat(changed.fields().author()).isEqualTo("Kim");
    refused(412, () -> documents.update("cats", DocumentChange.NONE, cats.version()));
    refused(412, () -> documents.delete("cats", cats.version()));
    documents.delete("cats", changed.version());
    refused(404, () -> documents.get("cats"));
  }

  @Test
  void manyDocumentsComeInAndOutAgain() throws Exception {
    Documents documents = papers();
    List<ItemResult> told = new ArrayList<>();

    UploadSummary uploaded =
        documents.addEach(
            IntStream.range(0, 150)
                .mapToObj(i -> NewDocument.of("T" + i, i == 99 ? " " : "text " + i).withId("d" + i))
                .iterator(),
            told::add);
    BatchResult batch =
        documents.addAll(
            List.of(NewDocument.of("x", "x").withId("d1"), NewDocument.of("y", "y").withId("y")));
    UploadSummary lines =
        documents.addLines(
            new ByteArrayInputStream(
                "{\"id\":\"l1\",\"text\":\"line\"}\n\n{oops\n{\"id\":\"l4\",\"text\":\"line\"}"
                    .getBytes(StandardCharsets.UTF_8)),
            told::add);

    assertThat(uploaded).isEqualTo(new UploadSummary(149, 1));
    assertThat(told.get(99).error()).contains("blank");
    assertThat(batch.results()).extracting(ItemResult::isDone).containsExactly(false, true);
    assertThat(lines).isEqualTo(new UploadSummary(2, 1));
    assertThat(told.subList(150, 153)).extracting(ItemResult::number).containsExactly(1L, 3L, 4L);
    assertThat(documents.list().stream().map(Document::id).distinct()).hasSize(152);
    List<String> exported = new ArrayList<>();
    assertThat(documents.export(document -> exported.add(document.text()))).isEqualTo(152);
    assertThat(exported).contains("text 7", "line");
    assertThat(client.libraries().statistics("papers").documents()).isEqualTo(152);
    assertThat(documents.deleteAll(List.of("d1", "none", "d2")).results())
        .extracting(ItemResult::isDone)
        .containsExactly(true, false, true);
  }

  @Test
  void searchesByWordsMeaningAndFilters() {
    Documents documents = papers();
    for (int i = 0; i < 3; i++) {
      float[] embedding = new float[3];
      embedding[i] = 1;
      var _ =
          documents.add(
              NewDocument.ofPassages(
                      "T" + i, List.of(NewPassage.of("trains number " + i, embedding)))
                  .withTags("tag" + i, "all")
                  .withMetadata(Map.of("year", 2020 + i)));
    }
    SearchQuery second = SearchQuery.near(new float[] {0, 1, 0});

    List<SearchHit> near = client.search("papers", second.withEmbeddings()).hits();
    assertThat(near.getFirst().text()).isEqualTo("trains number 1");
    assertThat(near.getFirst().distance()).isLessThan(1e-3);
    assertThat(near.getFirst().passage().embedding().values()).containsExactly(0f, 1f, 0f);
    assertThat(near.getFirst().documentTitle()).isEqualTo("T1");
    assertThat(near).extracting(SearchHit::distance).isSorted();
    assertThat(client.search("papers", second.withMaxDistance(0.5)).hits()).hasSize(1);
    assertThat(client.search("papers", second.where(Filter.gte("year", 2021))).hits())
        .extracting(SearchHit::documentTitle)
        .containsExactlyInAnyOrder("T1", "T2");
    assertThat(client.search("papers", second.where(Filter.contains("tags", "tag2"))).hits())
        .extracting(SearchHit::documentTitle)
        .containsExactly("T2");
    assertThat(client.search("papers", second.where(Filter.in("year", List.of(2020, 2022)))).hits())
        .hasSize(2);
    assertThat(
            client
                .search("papers", SearchQuery.about("trains 2").byWordsAndMeaning().withK(1))
                .hits())
        .singleElement()
        .satisfies(hit -> assertThat(hit.text()).isEqualTo("trains number 2"));
    refused(404, () -> client.search("nowhere", second));
    refused(422, () -> client.search("papers", SearchQuery.about(" ")));
  }
}
