package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `myelin publish` and `myelin listen` against a real server.
@Timeout(180)
final class ChannelCommandsIT {
  @TempDir private Path folder;
  private TestServer server;

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void open() {
    server = TestServer.open(folder);
  }

  @AfterEach
  void close() {
    server.close();
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
  void whatIsPublishedIsHeardInOrder() {
    String payload = "{\"n\":1,\"what\":[\"a\",{\"b\":true,\"c\":0.5}]}";
    assertThat(run("publish", "team:core", "app.note", payload).out())
        .isEqualTo("Said on team:core, offset 1.\n");
    CompletableFuture<Result> listening =
        CompletableFuture.supplyAsync(() -> run("listen", "team:core", "--all", "-n", "3"));
    assertThat(run("publish", "team:core", "app.note").out())
        .isEqualTo("Said on team:core, offset 2.\n");
    var _ = run("publish", "team:core", "app.last", "{\"n\":3}");

    Result heard = listening.join();
    assertThat(heard.code()).isZero();
    assertThat(heard.out().lines())
        .satisfiesExactly(
            one -> assertThat(one).contains("  1  app.note").endsWith(payload),
            two -> assertThat(two).contains("  2  app.note").endsWith("{}"),
            three -> assertThat(three).contains("  3  app.last").endsWith("{\"n\":3}"));
    assertThat(run("listen", "team:core", "--all", "-n", "1", "--json").out())
        .contains("\"channel\":\"team:core\"", "\"offset\":1", "\"payload\":" + payload);
  }

  @Test
  void anIdIsSaidOnce() {
    assertThat(run("publish", "user:ann", "app.note", "{\"n\":1}", "--id", "job-1").out())
        .isEqualTo("Said on user:ann, offset 1.\n");
    assertThat(run("publish", "user:ann", "app.note", "{\"n\":1}", "--id", "job-1").out())
        .isEqualTo("Said before on user:ann, offset 1.\n");
    Result other = run("publish", "user:ann", "app.note", "{\"n\":2}", "--id", "job-1");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).startsWith("myelin: ");
    assertThat(run("publish", "user:ann", "app.note", "--json").out())
        .startsWith("{\"channel\":\"user:ann\",\"id\":\"")
        .contains("\"offset\":2", "\"duplicate\":false");
  }

  @Test
  void whatIsForListenersOnlyIsNotKept() {
    assertThat(run("publish", "notifications", "app.hint", "--ephemeral").out())
        .isEqualTo("Said on notifications.\n");
    assertThat(run("publish", "notifications", "app.note", "{\"a\":null}").out())
        .isEqualTo("Said on notifications, offset 1.\n");
  }

  @Test
  void wrongUsageSaysWhatIsExpected() {
    for (String wrong : List.of("[1]", "{", "{\"a\":1}{}", "{\"a\":1,\"a\":2}", "")) {
      Result refused = run("publish", "team:core", "app.note", wrong);
      assertThat(refused.code()).as(wrong).isEqualTo(2);
      assertThat(refused.err()).as(wrong).contains("expected: for example '{\"n\":1}'");
    }
    assertThat(run("publish", "team:", "app.note").err()).contains("is no channel");
    assertThat(run("publish", "moon:x", "app.note").code()).isEqualTo(1);
    assertThat(run("listen", "library:nowhere").err()).contains("There is no channel");
  }
}
