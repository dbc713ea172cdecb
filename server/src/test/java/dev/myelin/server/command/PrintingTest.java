package dev.myelin.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.ProgressBar;
import dev.myelin.server.shell.Terminal;
import dev.myelin.server.shell.TextTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/// How commands print and what they read from the command line.
class PrintingTest {
  private static final Terminal NARROW = new Terminal(false, true, true, false, 40);
  private static final Terminal PIPED = new Terminal(false, false, false, false, 100);
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void aTableFitsTheTerminal() {
    TextTable table = new TextTable(1, "LIKE", "WHAT", "ID");
    table.add("0.70", "a text\nthat is far too long for one line of this terminal", "n1");

    List<String> lines = table.lines(NARROW);

    assertThat(lines).hasSize(2).allMatch(line -> line.codePointCount(0, line.length()) <= 40);
    assertThat(lines.get(1)).startsWith("0.70  a text that").contains("…").endsWith("n1");
  }

  @Test
  void coloursComeOnlyWhereTheyAreWanted() {
    assertThat(NARROW.bold("x")).isEqualTo("x");
    assertThat(new Terminal(false, true, true, true, 40).bold("x")).isEqualTo("\033[1mx\033[0m");
  }

  @Test
  void controlCharactersOfAMemoryDoNotReachTheTerminal() {
    assertThat(TextTable.flat("a\033[2Jb")).isEqualTo("a [2Jb");
  }

  @Test
  void aBarIsDrawnOnATerminalOnly() {
    assertThat(drawn(PIPED)).isEmpty();
    assertThat(drawn(NARROW)).contains("[############------------]  50%").endsWith("\r\033[K");
  }

  private static String drawn(Terminal terminal) {
    StringWriter err = new StringWriter();
    ProgressBar bar = new ProgressBar(new PrintWriter(err), terminal, "remembered");
    bar.update(1, 0.5, 10, 5);
    bar.clear();
    return err.toString();
  }

  @Test
  void timesAreMomentsDaysOrHowLongAgo() {
    TimeArgument argument = new TimeArgument(InstantSource.fixed(NOW), ZoneId.of("UTC"));

    assertThat(argument.convert("2h")).isEqualTo(Instant.parse("2026-01-31T10:00:00Z"));
    assertThat(argument.convert("7d")).isEqualTo(Instant.parse("2026-01-24T12:00:00Z"));
    assertThat(argument.convert("2026-01-30")).isEqualTo(Instant.parse("2026-01-30T00:00:00Z"));
    assertThat(argument.convert("2026-01-30T01:00:00+01:00"))
        .isEqualTo(Instant.parse("2026-01-30T00:00:00Z"));
    assertThatThrownBy(() -> argument.convert("soon")).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void aSlipOfTheFingersIsOneStepAway() {
    assertThat(UsageErrors.distance("--sapce", "--space")).isEqualTo(1);
    assertThat(UsageErrors.distance("", "abc")).isEqualTo(3);
    assertThat(UsageErrors.distance("same", "same")).isZero();
  }

  @Test
  void aJsonLineLeavesOutWhatIsNotKnown() {
    assertThat(
            new JsonLine().put("a", (String) null).put("b", Float.NaN).put("c", "\"x\"").toString())
        .isEqualTo("{\"c\":\"\\\"x\\\"\"}");
  }
}
