package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.client.library.LibraryClient;
import dev.myelin.memory.embedding.EmbeddingConfig;
import dev.myelin.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands about libraries, tenants and keys, against a real server.
@Timeout(180)
class LibraryCommandsIT {
  private static final String NOBODY = "http://127.0.0.1:1";

  @TempDir private Path folder;
  private TestServer server;

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void open() {
    server = TestServer.open(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Result run(String... arguments) {
    return run(new StringWriter(), arguments);
  }

  private Result run(StringWriter out, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--server")) {
      all.add("--server");
      all.add("http://127.0.0.1:" + server.port());
    }
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine(arguments)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }

  private String file(String name, String text) throws IOException {
    Path file = folder.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  private String pdf(String name, String title, String text) throws IOException {
    try (PDDocument pdf = new PDDocument()) {
      pdf.getDocumentInformation().setTitle(title);
      PDPage page = new PDPage();
      pdf.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
        content.newLineAtOffset(50, 700);
        content.showText(text);
        content.endText();
      }
      Path file = folder.resolve("in").resolve(name);
      pdf.save(file.toFile());
      return file.toString();
    }
  }

  @Test
  void librariesAreMadeListedAndDeleted() {
    assertThat(run("library", "list").out()).startsWith("There is no library yet.");
    Result made = run("library", "create", "papers", "--name", "Papers we read");
    assertThat(made).isEqualTo(new Result(0, "Library papers is made.\n", ""));
    assertThat(run("library", "create", "papers").err()).contains("exists already");
    assertThat(run("library", "list").out()).containsPattern("papers +Papers we read +0 +0 +-");
    assertThat(run("library", "list", "--json").out())
        .startsWith("{\"id\":\"papers\",\"name\":\"Papers we read\"");
    assertThat(run("library", "delete", "papers").code()).isEqualTo(2);
    assertThat(run("library", "delete", "papers", "--yes").out())
        .isEqualTo("Library papers is deleted.\n");
    Result again = run("library", "delete", "papers", "--yes");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("does not exist").contains("library create NAME");
  }

  @Test
  void whatIsAddedIsFoundAndTold() throws IOException {
    server.close();
    server =
        TestServer.open(
            folder.resolve("with-model"), config -> config.withEmbedding(EmbeddingConfig.DEFAULT));
    run("library", "create", "papers");
    String notes = file("notes.md", "# Cats\n\nCats purr at night.");
    String page = file("page.html", "<title>Dogs</title><p>Dogs bark at strangers.");
    String plain = file("plain.txt", "Trains leave at dawn.");
    String lines =
        file(
            "more.jsonl",
            """
            {"title":"Bees","text":"Bees hum.","metadata":{"year":2020}}
            {"title":"Owls","text":"Owls hoot.","metadata":{"year":2025}}
            """);
    String pdf = pdf("report.pdf", "The report", "Budgets were agreed upon.");

    Result added = run("add", "-l", "papers", "--tag", "first", notes, page, plain, lines, pdf);

    assertThat(added.err()).isEmpty();
    assertThat(added.out()).startsWith("6 added to library papers (");
    assertThat(added.code()).isZero();
    assertThat(run("search", "papers", "cats", "purr", "-k", "1").out())
        .startsWith("DISTANCE")
        .containsPattern("Cats +# Cats +Cats purr at night\\.");
    assertThat(run("search", "papers", "budgets", "--json", "-k", "1").out())
        .startsWith("{\"text\":\"Budgets were agreed upon.\"")
        .contains("\"document_title\":\"The report\"")
        .hasLineCount(1);
    assertThat(run("search", "papers", "hoot", "--hybrid", "--filter", "year>=2021").out())
        .startsWith("SCORE")
        .contains("Owls hoot.")
        .doesNotContain("Bees");
    assertThat(run("search", "papers", "dawn", "-f", "document_title=plain").out())
        .contains("Trains leave at dawn.");
    assertThat(run("search", "papers", "hoot", "--filter", "year<2000").out())
        .isEqualTo("Nothing like that is in library papers.\n");
    assertThat(run("changes", "papers", "--type", "document.*").out())
        .hasLineCount(6)
        .contains("document.added  The report (");
    assertThat(run("changes", "papers", "--type", "library.created", "--json").out())
        .startsWith("{\"offset\":")
        .contains("\"event_type\":\"library.created\"")
        .hasLineCount(1);
  }

  @Test
  void whatCannotBeReadIsToldAndTheRestGoesOn() throws IOException {
    run("library", "create", "papers");
    String good = file("good.txt", "something to read");
    String empty = file("empty.txt", " ");
    String binary = file("photo.jpg", "\0\1\2");
    String noPdf = file("broken.pdf", "%PDF-1.7 and no more");
    String lines = file("lines.jsonl", "{oops\n{\"text\":\"good\"}\n");
    String missing = folder.resolve("missing.txt").toString();

    Result result =
        run("add", "-l", "papers", empty, binary, missing, noPdf, lines, folder.toString(), good);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).startsWith("2 added to library papers, 4 left out (");
    assertThat(result.err())
        .contains("myelin: " + empty + ": there is no text in it")
        .contains("myelin: " + binary + ": it is no text (expected: ")
        .contains("myelin: " + missing + ": there is no such file")
        .contains("myelin: " + noPdf + ": it cannot be read: ")
        .contains("myelin: " + lines + ":1: ")
        .contains("myelin: " + folder + ": it is a folder (expected: a file, or --recursive)");
  }

  @Test
  void aFolderIsReadWithWhatIsInItAndUpdatedTheSecondTime() throws IOException {
    run("library", "create", "papers");
    file("docs/a.md", "# First\n\nalpha");
    file("docs/deep/b.txt", "beta");
    file("docs/photo.jpg", "\0\1\2");
    file("docs/.git/c.txt", "hidden");
    String docs = folder.resolve("in/docs").toString();

    Result first = run("add", "-l", "papers", "-r", docs, "--stable-ids");
    file("docs/a.md", "# First\n\ngamma");
    Result second = run("add", "-l", "papers", "-r", docs, "--stable-ids");

    assertThat(first.code()).isZero();
    assertThat(first.out())
        .startsWith("2 added to library papers, 1 file without text passed over (");
    assertThat(second.out()).startsWith("0 added to library papers, 2 updated, 1 file ");
    assertThat(run("search", "papers", "gamma", "--hybrid").out()).contains("gamma");
    assertThat(run("search", "papers", "alpha", "--hybrid", "-f", "document_title=First").out())
        .doesNotContain("alpha");
    assertThat(run("library", "list").out()).containsPattern("papers +papers +2 +2");
  }

  @Test
  void standardInputIsRead() {
    run("library", "create", "papers");
    InputStream usual = System.in;
    System.setIn(new ByteArrayInputStream("<html><p>Piped words".getBytes(StandardCharsets.UTF_8)));
    try {
      Result added = run("add", "-l", "papers", "-", "--title", "From a pipe");
      assertThat(added.out()).startsWith("1 added");
    } finally {
      System.setIn(usual);
    }
    assertThat(run("search", "papers", "piped", "--hybrid").out())
        .contains("From a pipe", "Piped words");
    assertThat(run("add", "-l", "papers", "a", "b", "--title", "x").code()).isEqualTo(2);
  }

  @Test
  void changesAreFollowed() {
    run("library", "create", "papers");
    StringWriter out = new StringWriter();
    CompletableFuture<Result> following =
        CompletableFuture.supplyAsync(
            () -> run(out, "changes", "papers", "--follow", "--since", "0"));
    Eventually.until("the past is told", () -> out.toString().contains("library.created"));

    try (LibraryClient client =
        LibraryClient.connect(
            URI.create("http://127.0.0.1:" + server.port()), LibraryClientIT.PATIENT)) {
      client.libraries().delete("papers");
    }

    Result ended = following.orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).contains("library.deleted");
    assertThat(ended.err()).contains("There is no library");
  }

  @Test
  void tenantsAndKeysAreMadeAndTheKeyIsShownAlone() {
    Result tenant = run("tenants", "create", "Kim & Co");
    assertThat(tenant.code()).isZero();
    assertThat(tenant.err()).contains("shown this once only");
    String key = tenant.out().strip();
    assertThat(run("tenants", "list").out()).contains("Kim & Co", "active");
    assertThat(run("tenants", "list", "--json").out()).contains("\"name\":\"Kim & Co\"");

    assertThat(run("library", "create", "own", "--api-key", key).code()).isZero();
    assertThat(run("library", "list").out()).doesNotContain("own");
    Result reader = run("keys", "create", "reader", "-s", "read:own", "--api-key", key);
    String secret = reader.out().strip();
    assertThat(run("library", "list", "--api-key", secret).out()).contains("own");
    assertThat(run("library", "delete", "own", "--yes", "--api-key", secret).code()).isEqualTo(1);
    String id =
        run("keys", "list", "--json", "--api-key", key)
            .out()
            .lines()
            .filter(line -> line.contains("\"reader\""))
            .findFirst()
            .orElseThrow()
            .replaceAll(".*\"key_id\":\"([^\"]+)\".*", "$1");
    assertThat(run("keys", "list", "--api-key", key).out()).contains(id, "read:own");

    Result rotated = run("keys", "rotate", id, "--api-key", key);
    assertThat(rotated.err()).contains("is rotated").contains("shown this once only");
    assertThat(run("library", "list", "--api-key", secret).err()).contains("MYELIN_API_KEY");
    assertThat(run("keys", "revoke", id, "--api-key", key).out()).contains("is revoked");
    assertThat(run("library", "list", "--api-key", rotated.out().strip()).code()).isEqualTo(1);
    assertThat(run("keys", "create", "x", "-s", "all", "--api-key", key).err())
        .contains("scopes[0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "library list",
        "add x.txt",
        "search papers cats",
        "changes papers",
        "changes papers -f",
        "tenants list",
        "keys list",
        "webhooks list",
        "jobs list"
      })
  void withoutAServerTheySayHowToStartOne(String command) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
    arguments.addAll(List.of("--server", NOBODY));
    Result result = run(arguments.toArray(String[]::new));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            """
            myelin: No server answers at http://127.0.0.1:1.
            Start a server with: ./myelin serve
            """);
  }

  @Test
  void jobsAreListedShownAndCancelled() {
    run("library", "create", "papers");
    assertThat(run("jobs", "list").out()).isEqualTo("There is no such job.\n");
    try (LibraryClient client =
        LibraryClient.connect(
            URI.create("http://127.0.0.1:" + server.port()), LibraryClientIT.PATIENT)) {
      String id = client.jobs().optimizeIndex("papers").id();
      Eventually.until("the job is over", () -> client.jobs().get(id).status().isOver());

      assertThat(run("jobs", "list", "--status", "completed").out())
          .startsWith("JOB")
          .containsPattern(id + " +index_optimize +completed +100%");
      assertThat(run("jobs", "list", "--library", "papers", "--json").out())
          .startsWith("{\"job_id\":\"" + id + "\"")
          .hasLineCount(1);
      assertThat(run("jobs", "show", id).out())
          .startsWith("index_optimize " + id + ": completed")
          .contains("  library      papers");
      Result late = run("jobs", "cancel", id);
      assertThat(late.code()).isEqualTo(1);
      assertThat(late.err()).contains("completed");
    }
  }

  @Test
  void wordsAreFoundWithoutAModel() throws IOException {
    run("library", "create", "papers");
    run("add", "-l", "papers", file("fire.txt", "Error 4711: the stove is on fire."));
    run("add", "-l", "papers", file("rain.txt", "It rains."));

    assertThat(run("search", "papers", "4711").out())
        .startsWith("SCORE")
        .contains("stove is on fire")
        .doesNotContain("rains");
    assertThat(run("search", "papers", "it", "rains", "--words").out())
        .startsWith("SCORE")
        .contains("It rains.");
    Result measured = run("search", "papers", "4711", "--max-distance", "1");
    assertThat(measured.code()).isEqualTo(1);
    assertThat(measured.err()).contains("the server has no embedding model");
  }

  @Test
  void wrongUsageNamesWhatIsExpected() {
    assertThat(run("search", "papers", "x", "-k", "500").err()).contains("k: 500 (expected: 1 to");
    assertThat(run("search", "papers", "x", "--filter", "year").err())
        .contains("is no condition (expected: for example author=Kim");
    assertThat(run("search", "papers").code()).isEqualTo(2);
    assertThat(run("search", "papers", "x", "--words", "--hybrid").err())
        .contains("--hybrid and --words: both (expected: one)");
    assertThat(run("search", "papers", "x", "--words", "--max-distance", "1").err())
        .contains("words, which have no distance");
    assertThat(run("keys").code()).isEqualTo(2);
    assertThat(run("add").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "library",
        "library create",
        "library list",
        "library delete",
        "add",
        "search",
        "changes",
        "jobs",
        "jobs list",
        "jobs show",
        "jobs cancel",
        "webhooks",
        "webhooks create",
        "webhooks list",
        "webhooks deliveries",
        "webhooks test",
        "webhooks retry",
        "webhooks delete",
        "publish",
        "listen",
        "tenants",
        "tenants create",
        "keys",
        "keys create",
        "keys rotate",
        "keys revoke"
      })
  void helpShowsExamples(String command) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
    arguments.add("--help");
    Result result = run(arguments.toArray(String[]::new));

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("Examples:").contains("myelin " + command);
  }
}
