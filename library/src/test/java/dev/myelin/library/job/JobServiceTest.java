package dev.myelin.library.job;

import static dev.myelin.library.job.JobFixture.TENANT;
import static dev.myelin.library.job.JobFixture.documents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.job.model.JobFilter;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import dev.myelin.library.job.model.JobItem.Deleted;
import dev.myelin.library.job.model.JobItem.Refused;
import dev.myelin.library.job.model.JobPage;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.library.job.model.Progress;
import dev.myelin.library.search.Search;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each type of job does, and what is told and kept of it.
final class JobServiceTest {
  @TempDir Path folder;
  private JobFixture fixture;
  private SpaceId library;

  @BeforeEach
  void open() {
    fixture = new JobFixture(folder);
    library = fixture.library("papers");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static void assertRefused(ThrowingCallable call, ErrorCode code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  static Map<String, @Nullable Object> result(JobInfo job) {
    assertThat(job.status()).as("%s", job).isEqualTo(JobStatus.COMPLETED);
    return Objects.requireNonNull(job.result());
  }

  private static long number(JobInfo job, String name) {
    return result(job).get(name) instanceof Number number ? number.longValue() : -1;
  }

  @Test
  void importsDocumentsAndTellsOfIt() {
    JobInfo accepted =
        fixture.jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, documents("a", 40)));
    assertThat(UUID.fromString(accepted.id()).version()).isEqualTo(7);
    assertThat(accepted.progress().total()).isEqualTo(40);
    JobInfo job = fixture.ended(accepted);

    assertThat(number(job, "imported")).isEqualTo(40);
    assertThat(number(job, "failed")).isZero();
    assertThat(number(job, "total_chunks")).isEqualTo(40);
    assertThat(job.progress()).isEqualTo(new Progress(40, 40, "all documents were read"));
    assertThat(job.progress().percentage()).isEqualTo(100);
    assertThat(fixture.ids(library)).hasSize(40).startsWith("a-0000", "a-0001");
    assertThat(
            fixture
                .libraries
                .search(Search.near(library, Embedding.of(new float[] {1, 20})))
                .hits())
        .isNotEmpty();
    List<String> types = fixture.types(library);
    assertThat(types)
        .startsWith(
            EventType.LIBRARY_CREATED,
            EventType.JOB_CREATED,
            EventType.JOB_STARTED,
            EventType.BATCH_STARTED,
            EventType.DOCUMENT_ADDED)
        .endsWith(EventType.BATCH_COMPLETED, EventType.JOB_COMPLETED)
        .containsOnlyOnce(EventType.JOB_PROGRESS);
    assertThat(types).filteredOn(EventType.DOCUMENT_ADDED::equals).hasSize(40);
    LibraryEvent last = fixture.events(library).getLast();
    assertThat(last.data())
        .containsEntry("job_id", job.id())
        .containsEntry("job_type", "batch_import")
        .containsEntry("status", "completed");
  }

  @Test
  void aBadDocumentFailsAlone() {
    List<JobItem> items = new ArrayList<>(documents("a", 3));
    items.add(1, new Refused("documents[1].title: has 0 characters"));
    items.add(3, new Added(NewDocument.ofText(" ", "blank title").withId("blank")));
    items.add(new Added(NewDocument.ofText("Again", "taken").withId("a-0001")));
    JobInfo job =
        fixture.ended(fixture.jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, items)));

    assertThat(number(job, "imported")).isEqualTo(3);
    assertThat(number(job, "failed")).isEqualTo(3);
    assertThat(fixture.ids(library)).containsExactly("a-0000", "a-0001", "a-0002");
    assertThat(String.valueOf(result(job).get("errors")))
        .contains("documents[1].title", "title is blank", "exists already", "index=1", "index=3");
  }

  @Test
  void aDocumentOfAnotherLengthFailsAlone() {
    List<JobItem> items = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      float[] values = i == 3 ? new float[] {1, 2, 3} : new float[] {1, i};
      items.add(new Added(vector("v-" + i, values)));
    }
    JobInfo job =
        fixture.ended(fixture.jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, items)));

    assertThat(number(job, "imported")).isEqualTo(5);
    assertThat(fixture.ids(library)).containsExactly("v-0", "v-1", "v-2", "v-4", "v-5");
    assertThat(fixture.libraries.statistics(library).passages()).isEqualTo(5);
  }

  private static NewDocument vector(String id, float... values) {
    return NewDocument.ofPassages("Vector", List.of(new NewPassage("v", Embedding.of(values))))
        .withId(id);
  }

  @Test
  void deletesDocuments() {
    var _ = fixture.imported(library, "a", 100);
    List<JobItem> gone = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      gone.add(new Deleted("a-%04d".formatted(i)));
    }
    gone.add(new Deleted("nobody"));
    JobInfo job =
        fixture.ended(fixture.jobs.submit(NewJob.of(JobType.BATCH_DELETE, library, gone)));

    assertThat(number(job, "deleted")).isEqualTo(90);
    assertThat(number(job, "failed")).isEqualTo(1);
    assertThat(String.valueOf(result(job).get("errors"))).contains("nobody", "index=90");
    assertThat(fixture.ids(library)).hasSize(10).allMatch(id -> id.compareTo("a-0090") >= 0);
    assertThat(fixture.types(library)).filteredOn(EventType.DOCUMENT_DELETED::equals).hasSize(90);
  }

  @Test
  void exportsWhatCanBeImportedAgain() throws IOException {
    DocumentMeta meta =
        new DocumentMeta(
            "Whole", "Ann", "note", "http://example.com", List.of("x"), Map.of("year", 2020));
    var _ =
        fixture.libraries.add(
            library, NewDocument.ofText("t", "Some text.").withId("z").withMeta(meta), Cause.NONE);
    var _ = fixture.imported(library, "a", 130);
    JobInfo job = fixture.run(JobType.BATCH_EXPORT, library);

    assertThat(number(job, "documents_exported")).isEqualTo(131);
    ExportedFile file = fixture.jobs.file(TENANT, job.id());
    List<String> lines = Files.readAllLines(file.path());
    assertThat(lines).hasSize(131);
    assertThat(lines.getFirst())
        .contains("\"id\":\"a-0000\"", "\"texts\":[\"The text of a-0000\"]");
    assertThat(lines.getLast())
        .contains("\"author\":\"Ann\"", "\"tags\":[\"x\"]", "\"year\":2020", "Some text.");
    assertThat(file.bytes())
        .isEqualTo(Files.size(file.path()))
        .isEqualTo(number(job, "file_size_bytes"));
    assertThat(file.form()).isEqualTo("ndjson");
  }

  @Test
  void exportsAnArrayWithEmbeddings() throws IOException {
    NewJob export =
        NewJob.of(JobType.BATCH_EXPORT, library)
            .with(NewJob.FORMAT, "json")
            .with(NewJob.EMBEDDINGS, true);
    JobInfo empty = fixture.ended(fixture.jobs.submit(export));
    assertThat(Files.readString(fixture.jobs.file(TENANT, empty.id()).path())).isEqualTo("[]\n");
    var _ = fixture.imported(library, "a", 2);
    JobInfo job = fixture.ended(fixture.jobs.submit(export));

    assertThat(Files.readString(fixture.jobs.file(TENANT, job.id()).path()))
        .startsWith("[\n{\"id\":\"a-0000\"")
        .contains(
            "},\n{\"id\":\"a-0001\"",
            "\"chunks\":[{\"text\":\"The text of a-0001\",\"embedding\":[1.0,")
        .endsWith("}\n]\n");
  }

  @Test
  void aRequestThatIsSentAgainFindsItsJobUntilThatIsForgotten() {
    NewJob asked =
        NewJob.of(JobType.INDEX_OPTIMIZE, library).askedBy("6b1e7c4e-3f0d-3a53-9d4c-0a4f1d1f5a11");
    JobInfo first = fixture.jobs.submit(asked);
    assertThat(fixture.jobs.submit(asked).id()).isEqualTo(first.id());
    var _ = fixture.ended(first);
    JobInfo again = fixture.jobs.submit(asked);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(fixture.jobs.submit(NewJob.of(JobType.INDEX_OPTIMIZE, library)).id())
        .isNotEqualTo(first.id());

    var _ = fixture.jobs.delete(TENANT, first.id());
    assertThat(fixture.jobs.submit(asked).id()).isNotEqualTo(first.id());
  }

  @Test
  void exportsATable() throws IOException {
    NewJob export = NewJob.of(JobType.BATCH_EXPORT, library).with(NewJob.FORMAT, "csv");
    String header =
        "id,title,author,document_type,source_url,tags,metadata,created_at,updated_at,num_chunks,texts";
    JobInfo empty = fixture.ended(fixture.jobs.submit(export));
    assertThat(Files.readString(fixture.jobs.file(TENANT, empty.id()).path()))
        .isEqualTo(header + "\r\n");
    DocumentMeta meta =
        new DocumentMeta(
            "Say \"yes\", or\nno", null, "note", null, List.of("x", "y"), Map.of("year", 2020));
    var _ =
        fixture.libraries.add(
            library, NewDocument.ofText("t", "Größe, 1").withId("z").withMeta(meta), Cause.NONE);
    var _ = fixture.imported(library, "a", 100);
    JobInfo job = fixture.ended(fixture.jobs.submit(export));

    String table = Files.readString(fixture.jobs.file(TENANT, job.id()).path());
    assertThat(table.split("\r\n")).hasSize(102).startsWith(header);
    assertThat(table)
        .contains("\r\na-0000,")
        .contains(
            "\r\nz,\"Say \"\"yes\"\", or\nno\",,note,,\"[\"\"x\"\",\"\"y\"\"]\",\"{\"\"year\"\":2020}\",")
        .endsWith(",1,\"[\"\"Größe, 1\"\"]\"\r\n");

    JobInfo embedded = fixture.ended(fixture.jobs.submit(export.with(NewJob.EMBEDDINGS, true)));
    assertThat(Files.readString(fixture.jobs.file(TENANT, embedded.id()).path()))
        .startsWith(header + ",chunks\r\na-0000,")
        .contains(",,\"[{\"\"text\"\":\"\"The text of a-0000\"\",\"\"embedding\"\":[1.0,");
  }

  @Test
  void failsAnExportThatIsTooLong() {
    List<NewPassage> long_ = List.of(NewPassage.of("x".repeat(9_000)));
    List<JobItem> items = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      items.add(new Added(NewDocument.ofPassages("Long", long_)));
    }
    JobInfo first =
        fixture.ended(fixture.jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, items)));
    JobInfo second =
        fixture.ended(fixture.jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, items)));
    assertThat(number(first, "imported") + number(second, "imported")).isEqualTo(200);
    JobInfo job = fixture.run(JobType.BATCH_EXPORT, library);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(Objects.requireNonNull(job.failure()).text()).contains("jobs.max-export-bytes");
    assertRefused(
        () -> fixture.jobs.file(TENANT, job.id()), ErrorCode.CONFLICT, "is failed (expected");
    assertThat(fixture.exports()).isEmptyDirectory();
  }

  @Test
  void rebuildsAndOptimisesTheIndex() {
    var _ = fixture.imported(library, "a", 20);
    JobInfo rebuilt = fixture.run(JobType.INDEX_REBUILD, library);
    JobInfo optimized = fixture.run(JobType.INDEX_OPTIMIZE, library);

    assertThat(number(rebuilt, "vectors_reindexed")).isEqualTo(20);
    assertThat(rebuilt.progress().current()).isPositive().isEqualTo(rebuilt.progress().total());
    assertThat(result(optimized)).containsKeys("vectors_compacted", "memory_freed_bytes");
    assertThat(fixture.types(library))
        .containsSubsequence(
            EventType.JOB_STARTED,
            EventType.INDEX_REBUILT,
            EventType.JOB_COMPLETED,
            EventType.INDEX_OPTIMIZED,
            EventType.JOB_COMPLETED);
    assertThat(
            fixture.libraries.search(Search.near(library, Embedding.of(new float[] {1, 2}))).hits())
        .hasSize(10);
  }

  @Test
  void embedsAnew() {
    var _ = fixture.imported(library, "a", 5);
    var _ = fixture.libraries.add(library, vector("own", 5, 1), Cause.NONE);
    JobInfo job = fixture.run(JobType.REGENERATE_EMBEDDINGS, library);

    assertThat(number(job, "chunks_reembedded")).isEqualTo(6);
    DocumentInfo own = fixture.libraries.document(library, "own", true).orElseThrow();
    assertThat(own.version()).isEqualTo(2);
    assertThat(own.passages().getFirst().embedding()).isEqualTo(Embedding.of(new float[] {1, 1}));
    assertThat(fixture.types(library)).filteredOn(EventType.DOCUMENT_UPDATED::equals).hasSize(6);
  }

  @Test
  void refusesToEmbedWhatTheModelDoesNotFit() {
    SpaceId other = fixture.library("other");
    var _ = fixture.libraries.add(other, vector("three", 1, 2, 3), Cause.NONE);
    JobInfo job = fixture.run(JobType.REGENERATE_EMBEDDINGS, other);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(Objects.requireNonNull(job.failure()).code()).isEqualTo(ErrorCode.UNSUPPORTED);
    assertThat(job.tries().made()).isZero();
    assertThat(fixture.types(other)).endsWith(EventType.JOB_FAILED);
  }

  @Test
  void listsJobsNewestFirstByPagesAndFilters() {
    SpaceId other = fixture.library("other");
    List<String> ids = new ArrayList<>();
    ids.add(fixture.run(JobType.INDEX_REBUILD, library).id());
    ids.add(fixture.run(JobType.INDEX_OPTIMIZE, other).id());
    ids.add(fixture.imported(library, "a", 1).id());
    JobPage first = fixture.jobs.list(TENANT, JobFilter.ALL, 2, null);
    JobPage second = fixture.jobs.list(TENANT, JobFilter.ALL, 2, first.next());

    assertThat(first.total()).isEqualTo(3);
    assertThat(first.jobs()).extracting(JobInfo::id).containsExactly(ids.get(2), ids.get(1));
    assertThat(second.jobs()).extracting(JobInfo::id).containsExactly(ids.get(0));
    assertThat(second.next()).isNull();
    assertThat(listed(new JobFilter(_ -> true, null, null, other))).containsExactly(ids.get(1));
    assertThat(listed(new JobFilter(_ -> true, null, JobType.BATCH_IMPORT, null)))
        .containsExactly(ids.get(2));
    assertThat(listed(new JobFilter(_ -> true, JobStatus.FAILED, null, null))).isEmpty();
    assertThat(listed(new JobFilter(other::equals, null, null, null))).containsExactly(ids.get(1));
    assertThat(fixture.jobs.list("somebody", JobFilter.ALL, 10, null).jobs()).isEmpty();
    assertThat(fixture.jobs.find("somebody", ids.get(0))).isEmpty();
    assertThat(fixture.jobs.statistics(TENANT, JobFilter.ALL).of(JobStatus.COMPLETED)).isEqualTo(3);
    assertThat(fixture.jobs.statistics(TENANT, JobFilter.ALL).total()).isEqualTo(3);
  }

  private List<String> listed(JobFilter filter) {
    return fixture.jobs.list(TENANT, filter, 10, null).jobs().stream().map(JobInfo::id).toList();
  }

  @Test
  void refusesWhatCannotBe() {
    assertRefused(
        () -> fixture.jobs.submit(NewJob.of(JobType.INDEX_REBUILD, SpaceId.parse("nowhere"))),
        ErrorCode.LIBRARY_NOT_FOUND,
        "nowhere");
    assertRefused(
        () -> fixture.jobs.submit(NewJob.of(JobType.BATCH_IMPORT, library, documents("a", 1_001))),
        ErrorCode.INVALID_REQUEST,
        "1001 documents (expected: at most 1000)");
    assertRefused(() -> fixture.jobs.cancel(TENANT, "x"), ErrorCode.NOT_FOUND, "no job \"x\"");
    JobInfo job = fixture.run(JobType.INDEX_OPTIMIZE, library);
    assertRefused(
        () -> fixture.jobs.cancel(TENANT, job.id()), ErrorCode.CONFLICT, "is completed already");
    assertRefused(() -> fixture.jobs.file(TENANT, job.id()), ErrorCode.NOT_FOUND, "leaves no file");
    assertRefused(
        () -> fixture.jobs.file("other", job.id()), ErrorCode.NOT_FOUND, "There is no job");
  }

  @Test
  void forgetsAJobThatIsOverWithItsFile() {
    JobInfo job = fixture.run(JobType.BATCH_EXPORT, library);
    assertThat(fixture.exports()).isNotEmptyDirectory();
    assertThat(fixture.jobs.delete(TENANT, job.id()).id()).isEqualTo(job.id());

    assertThat(fixture.jobs.find(TENANT, job.id())).isEmpty();
    assertThat(fixture.exports()).isEmptyDirectory();
    assertRefused(() -> fixture.jobs.delete(TENANT, job.id()), ErrorCode.NOT_FOUND, job.id());
  }
}
