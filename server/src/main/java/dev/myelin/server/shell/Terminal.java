package dev.myelin.server.shell;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The terminal that a command runs in, if it runs in one.
///
/// @param out whether standard output is a terminal
/// @param err whether standard error is a terminal
/// @param in whether standard input is a terminal
/// @param color whether colours are wanted: not when piped, and not with NO_COLOR
public record Terminal(boolean in, boolean out, boolean err, boolean color, int width) {
  private static final int USUAL_WIDTH = 100;
  private static final int LEAST_WIDTH = 40;
  private static final String BOLD = "\033[1m";
  private static final String DIM = "\033[2m";
  private static final String PLAIN = "\033[0m";

  /// Looks at the process and its environment.
  public static Terminal detect() {
    boolean out = isTerminal(1);
    boolean err = isTerminal(2);
    String noColor = System.getenv().getOrDefault("NO_COLOR", "");
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    int width = out || err ? width(System.getenv()) : USUAL_WIDTH;
    return new Terminal(isTerminal(0), out, err, out && !dumb && noColor.isEmpty(), width);
  }

  /// A file descriptor that is a terminal is a link to one where there is a /proc.
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (Files.isSymbolicLink(link)) {
      try {
        String target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      } catch (IOException _) {
        return false;
      }
    }
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private static int width(Map<String, String> environment) {
    int told = number(environment.getOrDefault("COLUMNS", ""));
    return Math.max(LEAST_WIDTH, told > 0 ? told : ask());
  }

  /// Asks the terminal itself; stty reads it from its standard input.
  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      stty.waitFor(1, TimeUnit.SECONDS);
      int columns = number(answer.substring(answer.lastIndexOf(' ') + 1));
      return columns > 0 ? columns : USUAL_WIDTH;
    } catch (IOException _) {
      return USUAL_WIDTH;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return USUAL_WIDTH;
    }
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
  }

  public String bold(String text) {
    return color ? BOLD + text + PLAIN : text;
  }

  public String dim(String text) {
    return color ? DIM + text + PLAIN : text;
  }
}
