package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line as `main` makes it for its arguments.
class MainTest {
  private record Result(int code, String text) {}

  private static Result run(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    int code = Main.commandLine(arguments).setOut(writer).setErr(writer).execute(arguments);
    return new Result(code, text.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve", "observe", "recall", "tail", "spaces", "forget", "library", "add", "search",
        "changes", "jobs", "tenants", "keys", "token", "bench", "config"
      })
  void tellsTheSameOfACommandHoweverItIsAsked(String command) {
    Result asked = run("help", command);

    assertThat(asked.code()).isZero();
    assertThat(asked.text()).contains("myelin " + command);
    if (!command.equals("serve") && !command.equals("config")) {
      assertThat(run(command, "--help")).isEqualTo(asked);
    }
  }

  @Test
  void listsAllCommandsButTheOneForTheLauncher() {
    assertThat(run("--help").text())
        .contains("serve", "observe", "recall", "tail", "spaces", "forget", "bench", "version")
        .doesNotContain("rehearse");
  }

  @Test
  void suggestsTheCommandThatWasMeant() {
    Result result = run("space");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.text()).contains("Did you mean spaces?");
  }
}
