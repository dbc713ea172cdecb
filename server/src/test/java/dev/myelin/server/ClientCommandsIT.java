package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands that speak with a server, against a real one.
@Timeout(120)
class ClientCommandsIT {
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
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--server")) {
      all.add("--server");
      all.add("http://127.0.0.1:" + server.port());
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }

  private String file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines)).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "binary", "grpc"})
  void whatIsObservedIsRecalled(String transport) throws IOException {
    String input =
        file(
            "in",
            "Ada likes trains",
            "{\"id\":\"n1\",\"what\":\"The budget was agreed\",\"tags\":[\"decision\"]}");

    Result observed = run("observe", input, "--space", "notes", "--transport", transport);

    assertThat(observed.err()).isEmpty();
    assertThat(observed.out()).startsWith("2 remembered in space notes (");
    assertThat(observed.code()).isZero();
    assertThat(run("recall", "trains", "--space", "notes").out())
        .startsWith("LIKE")
        .contains("Ada likes trains");
    assertThat(run("recall", "--tag", "decision", "--space", "notes", "--json").out())
        .startsWith("{\"id\":\"n1\",\"content\":\"The budget was agreed\"")
        .hasLineCount(1);
    assertThat(run("spaces").out()).containsPattern("notes +2 ");
    assertThat(run("spaces", "--json").out()).contains("\"name\":\"notes\",\"memories\":2");
  }

  @Test
  void badLinesAreNamedAndTheRestGoesOn() throws IOException {
    String input = file("mixed.jsonl", "first", "{oops", "{\"what\":5}", "", "last");

    Result result = run("observe", input, "--connections", "2");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).startsWith("2 remembered in space default, 2 bad lines left out (");
    assertThat(result.err())
        .contains("myelin: " + input + ":2: not JSON")
        .contains("myelin: " + input + ":3: what (expected: a string)");
  }

  @Test
  void whatTheServerRefusesIsNamedWithItsLine() throws IOException {
    String input =
        file(
            "in.jsonl",
            "{\"what\":\"a\",\"embedding\":[1,0,0]}",
            "{\"what\":\"b\",\"embedding\":[1,0]}",
            "{\"what\":\"c\",\"embedding\":[0,1,0]}");

    Result result = run("observe", input);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).startsWith("2 remembered in space default, 1 rejected (");
    assertThat(result.err()).contains(input + ":2: ").contains("3");
  }

  @Test
  void aMissingFileIsNamed() {
    Result result = run("observe", folder.resolve("missing").toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("missing: there is no such file");
  }

  @Test
  void forgettingForGoodWantsToBeSure() throws IOException {
    run("observe", file("in", "{\"id\":\"n1\",\"what\":\"a secret\"}"));

    assertThat(run("forget", "n1", "--suppress").out()).isEqualTo("n1 is hidden\n");
    assertThat(run("recall", "secret").out()).startsWith("Nothing like that");
    assertThat(run("forget", "n1", "--restore").out()).isEqualTo("n1 is back\n");
    assertThat(run("recall", "secret").out()).contains("a secret");
    assertThat(run("forget", "n1").code()).isEqualTo(2);
    assertThat(run("forget", "n1", "--yes").out()).isEqualTo("n1 is forgotten for good\n");

    Result again = run("forget", "n1", "--yes");

    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).isEqualTo("myelin: There is no memory named n1 in space default.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"recall", "spaces", "tail", "observe"})
  void withoutAServerTheySayHowToStartOne(String command) {
    Result result = run(command, "--server", NOBODY);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            """
            myelin: No server answers at http://127.0.0.1:1.
            Start a server with: ./myelin serve
            """);
  }

  @Test
  void aWrongFlagNamesTheRightOne() {
    Result result = run("recall", "--sapce", "notes");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            """
            myelin: Unknown option: '--sapce'. Did you mean --space?
            Help: myelin recall --help
            """);
    assertThat(run("recal").err()).contains("Did you mean recall?");
    assertThat(run("spaces", "--server", "ftp://x").code()).isEqualTo(2);
    assertThat(run("recall", "--limit", "0").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"observe", "recall", "tail", "spaces", "forget"})
  void helpShowsExamples(String command) {
    Result result = run(command, "--help");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("Examples:").contains("myelin " + command);
  }
}
