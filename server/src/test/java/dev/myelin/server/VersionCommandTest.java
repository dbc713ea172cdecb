package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VersionCommandTest {
  @Test
  void saysTheVersionAndTheJavaItRunsOn() {
    StringWriter printed = new StringWriter();

    int status = Main.commandLine().setOut(new PrintWriter(printed, true)).execute("version");

    assertThat(status).isEqualTo(CommandLine.ExitCode.OK);
    assertThat(printed.toString())
        .startsWith("myelin ")
        .contains("Java " + Runtime.version().feature());
  }
}
