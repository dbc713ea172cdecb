package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.job.Job;
import dev.myelin.client.job.JobStatus;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.model.ProblemException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs through the Java client.
@Timeout(180)
class JobsClientIT {
  @TempDir private Path folder;
  private TestServer server;
  private LibraryClient client;

  @BeforeEach
  void open() {
    server = TestServer.open(folder);
    client =
        LibraryClient.connect(
            URI.create("http://127.0.0.1:" + server.port()), LibraryClientIT.PATIENT);
    var _ = client.libraries().create(NewLibrary.named("Papers").withId("papers"));
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private Job over(Job job) throws InterruptedException {
    Job over = client.jobs().await(job.id(), TestServer.PATIENCE);
    assertThat(over.status()).as(String.valueOf(over.error())).isEqualTo(JobStatus.COMPLETED);
    return over;
  }

  @Test
  void importsExportsAndDeletes() throws Exception {
    List<NewDocument> documents =
        IntStream.range(0, 250)
            .mapToObj(i -> NewDocument.ofTexts("T" + i, List.of("text " + i)).withId("d" + i))
            .toList();

    Job imported = over(client.jobs().importDocuments("papers", documents));

    assertThat(imported.type()).isEqualTo("batch_import");
    assertThat(imported.progress().percentage()).isEqualTo(100);
    assertThat(imported.times().completedAt()).isNotNull();
    assertThat(client.libraries().get("papers").documents()).isEqualTo(250);

    Job exported = over(client.jobs().exportDocuments("papers", false));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    assertThat(client.jobs().download(exported.id(), file)).isEqualTo(file.size());
    assertThat(file.toString(StandardCharsets.UTF_8)).hasLineCount(250).contains("text 249");

    var _ = over(client.jobs().deleteDocuments("papers", List.of("d1", "d2")));
    assertThat(client.libraries().get("papers").documents()).isEqualTo(248);
    var _ = over(client.jobs().rebuildIndex("papers"));
    assertThat(client.jobs().list().stream().map(Job::type))
        .containsExactly("index_rebuild", "batch_delete", "batch_export", "batch_import");
    assertThat(client.jobs().list(JobStatus.FAILED, "papers").toList()).isEmpty();
  }

  @Test
  void whatIsOverCannotBeCancelledAndIsForgotten() throws Exception {
    Job job = over(client.jobs().optimizeIndex("papers"));

    assertThatThrownBy(() -> client.jobs().cancel(job.id()))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(409));
    client.jobs().delete(job.id());
    assertThatThrownBy(() -> client.jobs().get(job.id()))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(404));
  }

  @Test
  void aJobThatFailsSaysWhy() throws Exception {
    var _ =
        client
            .documents("papers")
            .add(NewDocument.ofTexts("Cats", List.of("Cats purr.")).withId("cats"));
    Job begun = client.jobs().regenerateEmbeddings("papers");
    Job failed = client.jobs().await(begun.id(), TestServer.PATIENCE);

    assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
    assertThat(failed.error()).contains("model");
  }
}
