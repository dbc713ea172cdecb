package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.testkit.Eventually;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `myelin webhooks` against a real server and a real target.
@Timeout(180)
final class WebhookCommandsIT {
  @TempDir Path folder;
  private TestServer server;
  private WebhookTarget target;

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void open() throws Exception {
    server = TestServer.open(folder, config -> WebhookIT.allowing(config, true));
    target = new WebhookTarget();
  }

  @AfterEach
  void close() {
    server.close();
    target.close();
  }

  private Result run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", "http://127.0.0.1:" + server.port()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine(arguments)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }

  @Test
  void aWebhookIsMadeTestedListedPausedAndDeleted() {
    var _ = run("library", "create", "papers");
    assertThat(run("webhooks", "list").out()).startsWith("There is no webhook yet.");

    Result made = run("webhooks", "create", target.url(), "-l", "papers", "-e", "job.*,document.*");
    assertThat(made.code()).isZero();
    assertThat(made.out()).startsWith("whsec_").hasLineCount(1);
    assertThat(made.err()).contains("shown this once only");
    String id = made.err().split(" ", -1)[1];
    assertThat(run("webhooks", "deliveries", id).out()).isEqualTo("Nothing was delivered yet.\n");
    assertThat(run("webhooks", "test", id).out()).isEqualTo("It answered 200.\n");
    assertThat(run("webhooks", "list").out())
        .containsPattern(id + " +active +papers +job\\.\\*,document\\.\\* +http");
    assertThat(run("webhooks", "list", "--json").out())
        .startsWith("{\"id\":\"" + id)
        .doesNotContain("whsec_");
    assertThat(run("webhooks", "deliveries", id).out())
        .containsPattern("webhook\\.test +-?\\d+ +1 +success +200");
    assertThat(run("webhooks", "deliveries", id, "--json").out())
        .contains("\"status\":\"success\"", "\"status_code\":200");
    assertThat(run("webhooks", "delete", id).out()).isEqualTo("Webhook " + id + " is deleted.\n");
    assertThat(run("webhooks", "delete", id).err()).contains("There is no webhook");
  }

  @Test
  void whatFailedIsTriedAgainAtOnceOnDemand() {
    target.answers(500);
    var _ = run("library", "create", "papers");
    String id = run("webhooks", "create", target.url()).err().split(" ", -1)[1];
    var _ = run("library", "create", "books");
    Eventually.until(
        "one attempt failed",
        () -> run("webhooks", "deliveries", id, "--json").out().contains("\"retrying\""));
    assertThat(run("webhooks", "test", id).err()).contains("The target answered 500");
    target.answers(200);

    assertThat(run("webhooks", "retry", id).out()).isEqualTo("Webhook " + id + " goes on.\n");
    Eventually.until(
        "it was told",
        () -> {
          String newest = run("webhooks", "deliveries", id, "-n", "1", "--json").out();
          return newest.contains("library.created") && newest.contains("\"success\"");
        });
  }

  @Test
  void wrongUsageSaysWhatIsExpected() {
    assertThat(run("webhooks").code()).isEqualTo(2);
    assertThat(run("webhooks", "create", "ftp://example.org").err()).contains("url");
    assertThat(run("webhooks", "test", "nobody").err()).contains("There is no webhook \"nobody\"");
  }
}
