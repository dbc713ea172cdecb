package dev.myelin.server.command;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in two lines what is wrong with a command line, and what was probably meant.
public final class UsageErrors implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("myelin: " + firstLine(e) + meant(e));
    err.println("Help: " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USAGE;
  }

  private static String firstLine(ParameterException e) {
    String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return text.endsWith(".") || text.endsWith(")") ? text : text + ".";
  }

  private static String meant(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return "";
    }
    String typed = unmatched.getUnmatched().getFirst().split("=", 2)[0];
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    return Stream.concat(spec.optionsMap().keySet().stream(), spec.subcommands().keySet().stream())
        .filter(name -> distance(typed, name) <= Math.max(1, typed.length() / 3))
        .min(
            Comparator.comparingInt((String name) -> distance(typed, name))
                .thenComparing(Comparator.naturalOrder()))
        .map(name -> " Did you mean " + name + "?")
        .orElse("");
  }

  /// How many characters must be put in, left out, changed or swapped with their neighbour (optimal
  /// string alignment).
  static int distance(String from, String to) {
    int[][] best = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          best[i][j] = i + j;
          continue;
        }
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        best[i][j] =
            Math.min(Math.min(best[i - 1][j], best[i][j - 1]) + 1, best[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          best[i][j] = Math.min(best[i][j], best[i - 2][j - 2] + 1);
        }
      }
    }
    return best[from.length()][to.length()];
  }
}
