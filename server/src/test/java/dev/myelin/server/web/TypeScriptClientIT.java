package dev.myelin.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the tests of the TypeScript client, and the streaming examples, with the server that was
/// just built.
final class TypeScriptClientIT {
  private static final Path CLIENT = Project.root().resolve("clients/typescript");

  @TempDir static Path folder;

  @BeforeAll
  static void installsTheCompiler() throws IOException, InterruptedException {
    Project.tool("node");
    if (isOlder(CLIENT.resolve("node_modules/.package-lock.json"))) {
      npm("ci", "--no-audit", "--no-fund");
    }
  }

  @Test
  void passesItsOwnTests() throws IOException, InterruptedException {
    npm("test");
  }

  @Test
  void keepsItsPromisesAgainstTheServer() throws IOException, InterruptedException {
    npm("run", "test:server");
  }

  private static boolean isOlder(Path installed) throws IOException {
    return !Files.exists(installed)
        || Files.getLastModifiedTime(installed)
                .compareTo(Files.getLastModifiedTime(CLIENT.resolve("package-lock.json")))
            < 0;
  }

  private static void npm(String... arguments) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "npm", ".log");
    String[] command = new String[arguments.length + 1];
    command[0] = Project.tool("npm").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .directory(CLIENT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(ended ? process.exitValue() : -1).as(() -> readable(log)).isZero();
  }

  private static String readable(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
