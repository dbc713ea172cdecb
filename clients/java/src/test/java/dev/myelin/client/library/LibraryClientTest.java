package dev.myelin.client.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.RetryPolicy;
import dev.myelin.client.library.model.Document;
import dev.myelin.client.library.model.DocumentChange;
import dev.myelin.client.library.model.Filter;
import dev.myelin.client.library.model.ItemResult;
import dev.myelin.client.library.model.LibraryInfo;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.library.model.NewPassage;
import dev.myelin.client.library.model.SearchMode;
import dev.myelin.client.library.model.SearchQuery;
import dev.myelin.client.library.model.UploadSummary;
import dev.myelin.client.model.GoneException;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the client asks and how it takes answers, against a server that follows a script.
@Timeout(60)
class LibraryClientTest {
  private static final ClientOptions QUICK =
      ClientOptions.DEFAULT
          .withApiKey("a-key")
          .withRetry(
              new RetryPolicy(Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofMinutes(1)));
  private static final String LIBRARY =
      """
      {"id":"papers","name":"Papers","description":null,"num_documents":2,"num_chunks":5,
       "dimension":null,"created_at":"2026-01-31T12:00:00Z","updated_at":"2026-01-31T13:00:00Z",
       "metadata":{"a":[1,{"b":true}]},"version":3}
      """;
  private static final String BUSY =
      "{\"status\":503,\"detail\":\"Full.\",\"error\":\"Overloaded\",\"error_type\":\"OverloadedError\","
          + "\"retry_after_ms\":1,\"request_id\":\"r1\"}";

  private ScriptedServer server;
  private LibraryClient client;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedServer();
    client = LibraryClient.connect(URI.create(server.address()), QUICK);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void readsALibraryAndShowsItsKey() {
    server.then(200, LIBRARY);

    LibraryInfo papers = client.libraries().get("papers");

    assertThat(papers.documents()).isEqualTo(2);
    assertThat(papers.dimension()).isZero();
    assertThat(papers.description()).isNull();
    assertThat(papers.createdAt()).hasToString("2026-01-31T12:00:00Z");
    assertThat(papers.metadata()).isEqualTo(Map.of("a", List.of(1, Map.of("b", true))));
    assertThat(server.asked().getFirst().target()).isEqualTo("/v1/libraries/papers");
    assertThat(server.asked().getFirst().header("authorization")).isEqualTo("Bearer a-key");
  }

  @Test
  void idsAreEscapedAndNeverEmpty() {
    server.then(200, LIBRARY);

    var _ = client.libraries().get("a/b c?");

    assertThat(server.asked().getFirst().target()).isEqualTo("/v1/libraries/a%2Fb%20c%3F");
    assertThatThrownBy(() -> client.libraries().delete(""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aListIsFetchedPageByPage() {
    String link = "</v1/libraries?limit=100&cursor=a%20b>; rel=\"next\"";
    server.then(200, Map.of("Link", link), "[" + LIBRARY + "]").then(200, "[" + LIBRARY + "]");

    var names = client.libraries().list().iterator();

    assertThat(names.next().name()).isEqualTo("Papers");
    assertThat(server.asked()).hasSize(1);
    assertThat(names.next().name()).isEqualTo("Papers");
    assertThat(names.hasNext()).isFalse();
    assertThat(server.asked().get(1).target()).isEqualTo("/v1/libraries?limit=100&cursor=a%20b");
  }

  @Test
  void whatIsMadeIsAskedForAgainWithTheSameKey() {
    server.then(0, "").then(503, BUSY).then(409, "{\"error\":\"Conflict\"}").then(201, LIBRARY);

    LibraryInfo made = client.libraries().create(NewLibrary.named("Papers"));

    assertThat(made.id()).isEqualTo("papers");
    assertThat(server.asked()).hasSize(4);
    assertThat(server.asked().getFirst().header("idempotency-key")).hasSizeGreaterThan(20);
    assertThat(server.asked())
        .extracting(asked -> asked.header("idempotency-key"))
        .containsOnly(server.asked().getFirst().header("idempotency-key"));
  }

  @Test
  void aConflictIsTheAnswerOfAFirstAttempt() {
    server.then(409, "{\"error\":\"Conflict\",\"detail\":\"There is one.\"}");

    assertThatThrownBy(() -> client.libraries().create(NewLibrary.named("Papers")))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.code()).isEqualTo("conflict");
              assertThat(problem.text()).isEqualTo("There is one.");
            });
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void whatIsNotSafeIsSentOnce() {
    server.then(503, BUSY).then(503, BUSY);

    assertThatThrownBy(() -> client.documents("papers").delete("d1"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(503);
              assertThat(problem.errorType()).isEqualTo("OverloadedError");
              assertThat(problem.requestId()).contains("r1");
              assertThat(problem.retryAfter()).contains(Duration.ofMillis(1));
              assertThat(problem.isTemporary()).isTrue();
            });
    assertThatThrownBy(() -> client.documents("papers").update("d1", DocumentChange.NONE))
        .isInstanceOf(ProblemException.class);
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void readingGivesUpAfterFourAttempts() {
    for (int i = 0; i < 6; i++) {
      server.then(503, BUSY);
    }

    assertThatThrownBy(() -> client.libraries().get("papers")).isInstanceOf(ProblemException.class);
    assertThat(server.asked()).hasSize(4);
  }

  @Test
  void aServerThatAsksForALongPauseIsNotWaitedFor() {
    server.then(429, Map.of("Retry-After", "3600"), "").then(200, LIBRARY);

    ProblemException problem =
        catchThrowableOfType(ProblemException.class, () -> client.libraries().get("papers"));

    assertThat(problem.code()).isEqualTo("overloaded");
    assertThat(problem.retryAfter()).contains(Duration.ofHours(1));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aWrongFieldIsNamed() {
    server.then(
        422,
        "{\"detail\":\"title: is blank\",\"error\":\"Invalid document\",\"field\":\"title\","
            + "\"error_type\":\"InvalidDocumentError\"}");

    assertThatThrownBy(() -> client.documents("papers").add(NewDocument.of(" ", "text")))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.field()).contains("title"));
  }

  @Test
  void aCursorThatIsTooOldTellsTheOldest() {
    String gone = "{\"error\":\"Gone\",\"detail\":\"Too old.\",\"oldest_offset\":17}";
    server.then(410, gone).then(410, gone);

    assertThatThrownBy(() -> client.changes("papers").page(3, 10))
        .isInstanceOfSatisfying(
            GoneException.class, e -> assertThat(e.oldestOffset()).isEqualTo(17));
    try (var follower = client.changes("papers").follow(3)) {
      assertThatThrownBy(follower::next).isInstanceOf(GoneException.class);
      assertThatThrownBy(follower::next).isInstanceOf(GoneException.class);
    }
    assertThat(server.asked().get(1).header("last-event-id")).isEqualTo("3");
    assertThat(server.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>no</html>", "[]", "", "{"})
  void whatIsNoAnswerOfOursIsSaidSo(String body) {
    server.then(200, body);

    assertThatThrownBy(() -> client.libraries().get("papers"))
        .isInstanceOfSatisfying(
            MyelinException.class, e -> assertThat(e.code()).isEqualTo(MyelinException.PROTOCOL));
  }

  @Test
  void withoutAServerItSaysSo() {
    try (LibraryClient nobody = LibraryClient.connect(URI.create("http://127.0.0.1:1"), QUICK)) {
      assertThatThrownBy(() -> nobody.libraries().get("papers"))
          .isInstanceOfSatisfying(
              MyelinException.class,
              e -> {
                assertThat(e.code()).isEqualTo(MyelinException.UNAVAILABLE);
                assertThat(e.text()).isEqualTo("No server answers at http://127.0.0.1:1.");
              });
    }
  }

  @Test
  void aSearchGoesWhereItsKindIsAnswered() {
    String none = "{\"results\":[],\"query_time_ms\":1.5,\"total_results\":0}";
    String worded = "{\"results\":[],\"query_time_ms\":1,\"total_results\":0,\"mode\":\"words\"}";
    server.then(200, none).then(200, none).then(200, worded);

    SearchQuery cats =
        SearchQuery.about("cats")
            .withK(3)
            .where(Filter.gte("year", 2020), Filter.in("a", List.of(1)));
    assertThat(client.search("papers", cats).took()).isEqualTo(Duration.ofNanos(1_500_000));
    var _ = client.search("papers", cats.byWordsAndMeaning().withMaxDistance(0.5));

    assertThat(server.asked().getFirst().target()).isEqualTo("/v1/libraries/papers/search");
    assertThat(server.asked().getFirst().body())
        .isEqualTo(
            "{\"query\":\"cats\",\"k\":3,\"metadata_filters\":["
                + "{\"field\":\"year\",\"operator\":\"gte\",\"value\":2020},"
                + "{\"field\":\"a\",\"operator\":\"in\",\"value\":[1]}]}");
    assertThat(server.asked().get(1).target()).isEqualTo("/v1/libraries/papers/search/hybrid");
    assertThat(server.asked().get(1).body()).contains("\"distance_threshold\":0.5");
    assertThat(client.search("papers", cats.byWords()).mode()).isEqualTo(SearchMode.WORDS);
    assertThat(server.asked().get(2).target()).isEqualTo("/v1/libraries/papers/search");
    assertThat(server.asked().get(2).body()).contains("\"mode\":\"words\"");
  }

  @Test
  void questionsThatMakeNoSenseAreRefusedAtOnce() {
    assertThatThrownBy(() -> SearchQuery.about("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SearchQuery.about("a").withK(101))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SearchQuery.about("a").withMaxDistance(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SearchQuery.near(new float[] {1}).byWordsAndMeaning())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SearchQuery.about("a").withMaxDistance(0.5).byWords())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("words, which have no distance");
    NewDocument odd = NewDocument.of("a", "b").withMetadata(Map.of("a", new Object()));
    assertThatThrownBy(() -> client.documents("papers").add(odd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
    NewDocument endless = odd.withMetadata(Map.of("a", Double.NaN));
    assertThatThrownBy(() -> client.documents("papers").add(endless))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aDocumentIsReadWithWhatItsMetadataSayBesideTheUsual() {
    server.then(
        200,
        """
        {"id":"d1","library_id":"papers","title":"Cats","text":"Cats purr.","num_chunks":1,
         "chunks":[{"id":"p1","text":"Cats purr.","embedding":[1,0.5],"metadata":
           {"created_at":"2026-01-31T12:00:00Z","chunk_index":0,"start":0}}],
         "metadata":{"title":"Cats","author":"Kim","created_at":"2026-01-31T12:00:00Z",
           "document_type":"text","source_url":null,"tags":["pets"],"year":2020},
         "version":2,"created_at":"2026-01-31T12:00:00Z","updated_at":"2026-01-31T12:00:00Z"}
        """);

    Document cats = client.documents("papers").getWithEmbeddings("d1");

    assertThat(cats.fields().metadata()).isEqualTo(Map.of("year", 2020));
    assertThat(cats.fields().tags()).containsExactly("pets");
    assertThat(cats.fields().author()).isEqualTo("Kim");
    assertThat(cats.passages().getFirst().embedding().values()).containsExactly(1f, 0.5f);
    assertThat(cats.passages().getFirst().index()).isZero();
    assertThat(server.asked().getFirst().target()).endsWith("/d1?include_embeddings=true");
  }

  private static String results(int count) {
    StringBuilder text = new StringBuilder("{\"results\":[");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",")
          .append(
              i % 10 == 7
                  ? "{\"success\":false,\"document_id\":null,\"error\":\"bad\"}"
                  : "{\"success\":true,\"document_id\":\"d\",\"error\":null}");
    }
    return text + "]}";
  }

  @Test
  void manyDocumentsGoInBatchesAndEachIsTold() {
    server.then(201, results(64)).then(201, results(36)).then(201, results(1));
    List<ItemResult> told = new ArrayList<>();
    List<NewDocument> documents =
        new ArrayList<>(
            IntStream.range(0, 100).mapToObj(i -> NewDocument.of("t" + i, "text")).toList());
    documents.add(NewDocument.ofPassages("own", List.of(NewPassage.of("p", new float[] {0.25f}))));

    UploadSummary summary = client.documents("papers").addEach(documents.iterator(), told::add);

    assertThat(summary).isEqualTo(new UploadSummary(92, 9));
    assertThat(told).hasSize(101);
    assertThat(told).extracting(ItemResult::number).isSorted().doesNotHaveDuplicates();
    assertThat(told.get(7).error()).isEqualTo("bad");
    assertThat(server.asked().get(2).target()).endsWith("/batch-with-embeddings");
    assertThat(server.asked().get(2).body()).contains("\"embedding\":[0.25]");
    assertThatThrownBy(() -> client.documents("papers").addAll(documents))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void linesGoInPartsAndKeepTheirNumbers() throws IOException {
    String second =
        """
        {"status":"error","success":false,"line":2,"error":"bad"}
        {"status":"completed","success":true,"line":44,"document_id":"d"}
        {"status":"summary"}
        """;
    server.then(200, "{\"status\":\"summary\"}\n").then(200, second);
    String text = "{}\n".repeat(299) + "{}";
    List<ItemResult> told = new ArrayList<>();

    UploadSummary summary =
        client
            .documents("papers")
            .addLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), told::add);

    assertThat(summary).isEqualTo(new UploadSummary(1, 1));
    assertThat(told).extracting(ItemResult::number).containsExactly(258L, 300L);
    assertThat(server.asked().getFirst().body()).hasLineCount(256);
    assertThat(server.asked().get(1).body()).isEqualTo("{}\n".repeat(43) + "{}");
  }

  @Test
  void anUploadThatBreaksOffSaysWhereItStood() {
    server.then(200, "{\"status\":\"completed\",\"success\":true,\"line\":1}\n");

    assertThatThrownBy(() ->
            client
                .documents("papers")
                .addLines(
                    new ByteArrayInputStream("{}\n{}\n".getBytes(StandardCharsets.UTF_8)), _ -> {}))
        .isInstanceOf(MyelinException.class)
        .hasMessageContaining("after line 0");
  }

  @Test
  void aFollowerGoesOnBehindWhatItGaveLast() {
    server
        .then(200, "retry: 2000\n\n" + event(4) + ": still here\n\n" + event(5) + "id: 6\ndata: {")
        .then(503, BUSY)
        .then(200, event(5) + event(6).replace("\n", "\r\n"))
        .then(404, "{\"error\":\"Library not found\",\"detail\":\"It is gone.\"}");
    List<String> breaks = new ArrayList<>();

    try (var follower =
        client.changes("papers").only("document.*").follow(3, (why, _) -> breaks.add(why.code()))) {
      assertThat(follower.next().offset()).isEqualTo(4);
      assertThat(follower.next().offset()).isEqualTo(5);
      assertThat(follower.next().data()).isEqualTo(Map.of("title", "äö6"));
      assertThat(follower.offset()).isEqualTo(6);
      assertThatThrownBy(follower::next).hasMessage("It is gone.");
    }
    assertThat(breaks).containsExactly("unavailable", "overloaded", "unavailable");
    assertThat(server.asked())
        .extracting(asked -> asked.header("last-event-id"))
        .containsExactly("3", "5", "5", "6");
    assertThat(server.asked().getFirst().target())
        .isEqualTo("/v1/events/stream?library_id=papers&event_types=document.*");
  }

  private static String event(int offset) {
    return """
    id: %1$d
    event: document.added
    data: {"event_type":"document.added","library_id":"papers","offset":%1$d,
    data: "timestamp":"2026-01-31T12:00:00Z","event_id":"e","data":{"title":"äö%1$d"}}

    """
        .formatted(offset);
  }

  @Test
  void aFollowerThatWasClosedSaysSo() {
    var follower = client.changes("papers").follow(0);
    follower.close();

    assertThatThrownBy(follower::next)
        .isInstanceOfSatisfying(
            MyelinException.class, e -> assertThat(e.code()).isEqualTo(MyelinException.CLOSED));
  }
}
