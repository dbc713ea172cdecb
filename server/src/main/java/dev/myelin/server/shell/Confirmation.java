package dev.myelin.server.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Asks before something is done that cannot be undone.
public final class Confirmation {
  private Confirmation() {}

  /// Asks at the terminal.
  ///
  /// @param question without the choice behind it
  /// @param otherwise what to give instead of an answer where nobody can be asked
  /// @throws ParameterException if nobody can be asked
  public static boolean ask(CommandSpec spec, String question, String otherwise)
      throws IOException {
    Terminal terminal = Terminal.detect();
    if (!terminal.in() || !terminal.err()) {
      throw new ParameterException(
          spec.commandLine(),
          "Deleting is for good, and nobody can be asked here (expected: " + otherwise + ")");
    }
    spec.commandLine().getErr().print(question + " [y/N] ");
    spec.commandLine().getErr().flush();
    String answer =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }
}
