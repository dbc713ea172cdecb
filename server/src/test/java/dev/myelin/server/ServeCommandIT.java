package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `myelin serve` as a user meets it.
class ServeCommandIT {
  private static final Pattern READY =
      Pattern.compile("Myelin is ready: http://127\\.0\\.0\\.1:([0-9]+)  \\(data: (.+)\\)");

  private static final int MANY = 500;

  @TempDir private Path folder;

  @Test
  void saysThatThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Result result = run("serve", "--port", "" + taken.getLocalPort(), "--data", data());

      assertThat(result.code()).isEqualTo(3);
      assertThat(result.err())
          .isEqualTo(
              "myelin: Cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": it is in use by another process."
                  + " Stop that, or choose another with --port.\n");
    }
  }

  @Test
  void saysThatAnotherProcessHoldsTheFolder() throws IOException {
    try (TestServer first = TestServer.open(folder.resolve("data"))) {
      Result result = run("serve", "--port", "0", "--data", data());

      assertThat(first.port()).isPositive();
      assertThat(result.code()).isEqualTo(4);
      assertThat(result.err()).startsWith("myelin: ").contains("data").doesNotContain("Exception");
    }
  }

  @Test
  void saysThatTheFolderIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("data"), "not a folder");
    Result result = run("serve", "--port", "0", "--data", file.toString());

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).startsWith("myelin: ").doesNotContain("Exception", "\tat ");
  }

  @Test
  void saysWhatIsWrongWithTheConfiguration() throws IOException {
    assertThat(run("serve", "--port", "many").err())
        .isEqualTo(
            "myelin: server.port: \"many\" (expected: a whole number), from command line --port\n");
    assertThat(run("serve", "--host", "0.0.0.0", "--data", data()).err())
        .contains("an API key in MYELIN_API_KEY", "MYELIN_AUTH_JWT_SECRET", "or --insecure");
    assertThat(run("serve", "--config", data()).code()).isEqualTo(2);
    assertThat(run("serve", "--prot", "1").code()).isEqualTo(2);
  }

  @Test
  void showsTheConfigurationWithItsOrigins() throws IOException {
    Result result = run("config", "--port", "9000");

    assertThat(result.code()).isZero();
    assertThat(result.out().lines().toList())
        .anyMatch(line -> line.matches("server\\.port +9000 +command line --port"))
        .anyMatch(line -> line.matches("server\\.host +127\\.0\\.0\\.1 +default"))
        .anyMatch(line -> line.matches("socket\\.max-message-bytes +4 MiB +default"));
  }

  @Test
  void servesUntilItIsToldToStopAndLosesNothing() throws Exception {
    Process process = start();
    int acknowledged = 0;
    try (BufferedReader out = reader(process)) {
      Matcher ready = READY.matcher(firstLine(out));
      assertThat(ready.matches()).isTrue();
      assertThat(ready.group(2)).isEqualTo(Path.of(data()).toAbsolutePath().toString());
      try (StreamClient client = StreamClient.open(Integer.parseInt(ready.group(1)))) {
        client.init("some-space");
        for (int i = 1; i <= MANY; i++) {
          client.send(client.observation(i, "episode-" + i));
        }
        client.next("ack");
        process
            .toHandle()
            .destroy(); // SIGTERM; unlike the process's own method it leaves the streams open
        acknowledged = 1 + acknowledgements(client);
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
    try (TestServer again = TestServer.open(folder.resolve("data"))) {
      assertThat(again.get("/v1/spaces/some-space").body())
          .contains("\"memories\":" + acknowledged + ",");
    }
  }

  @Test
  void saysNothingBeforeItIsReadyAndStopsQuietlyWhileTheModelLoads() throws Exception {
    Process process = start();
    List<String> before = new ArrayList<>();
    String after;
    try (BufferedReader out = reader(process)) {
      String line = String.valueOf(out.readLine());
      while (!READY.matcher(line).matches()) {
        before.add(line);
        line = String.valueOf(out.readLine());
      }
      process
          .toHandle()
          .destroy(); // SIGTERM; unlike the process's own method it leaves the streams open
      after = out.readAllAsString();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).isZero();
    // The JVM's own line, which the launcher leaves out.
    assertThat(before).allMatch("WARNING: Using incubator modules: jdk.incubator.vector"::equals);
    assertThat(after).doesNotContain("ERROR", "Exception");
  }

  /// Counts what was accepted until the server closes, which it must do in order.
  private static int acknowledgements(StreamClient client) throws IOException {
    int count = 0;
    try {
      while (true) {
        count += "accepted".equals(client.next().path("status").asText()) ? 1 : 0;
      }
    } catch (StreamClient.ClosedByServer e) {
      assertThat(e.code()).isEqualTo(1001);
      return count;
    }
  }

  private record Result(int code, String out, String err) {}

  private static Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = command.execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--add-modules"));
    command.addAll(List.of("jdk.incubator.vector", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "serve", "--port", "0", "--data", data()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// The first line that is not the JVM's own.
  private static String firstLine(BufferedReader out) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith("Myelin")) {
      line = out.readLine();
    }
    return String.valueOf(line);
  }
}
