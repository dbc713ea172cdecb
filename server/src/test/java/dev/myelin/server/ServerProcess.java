package dev.myelin.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in a process of its own, which can be killed.
final class ServerProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("Myelin is ready: http://[^ ]*:(\\d+)");

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts a server on a data folder and waits until it says that it is ready.
  ///
  /// @param settings environment variables of the server
  static ServerProcess start(Path data, Map<String, String> settings) throws IOException {
    return start(data, settings, _ -> {});
  }

  /// @param said hears each line that the server prints
  static ServerProcess start(Path data, Map<String, String> settings, Consumer<String> said)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("serve", "--port", "0", "--data", data.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(settings);
    Process process = builder.start();
    return new ServerProcess(process, awaitReady(process, said));
  }

  private static int awaitReady(Process process, Consumer<String> lines) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    String line = output.readLine();
    while (line != null) {
      lines.accept(line);
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        Thread.ofVirtual().start(() -> output.lines().forEach(lines));
        return Integer.parseInt(ready.group(1));
      }
      said.append(line).append('\n');
      line = output.readLine();
    }
    throw new IOException("the server ended before it was ready:\n" + said);
  }

  int port() {
    return port;
  }

  /// Ends the process at once, as `kill -9` does, and waits until it is gone.
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("the server did not end: process " + process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
