package dev.myelin.bench.peer;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A peer that was started on a port of the loopback interface. It ends with this object, or with
/// this process.
public final class PeerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Target target;
  private final Thread atExit;

  private PeerProcess(Process process, Target target, Thread atExit) {
    this.process = process;
    this.target = target;
    this.atExit = atExit;
  }

  /// Starts a program and reads what it says until it is ready.
  ///
  /// @param folder its working folder; what it says goes to `errors.log` there
  /// @param ready the line by which it says so; its group, if it has one, is the port
  /// @param port where it listens, if the line does not tell
  static PeerProcess start(List<String> command, Path folder, Pattern ready, int port)
      throws IOException {
    Path errors = folder.resolve("errors.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    Thread atExit = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = ready.matcher(line);
      if (matcher.find()) {
        Thread.ofVirtual().start(() -> drain(out));
        int at = matcher.groupCount() > 0 ? Integer.parseInt(matcher.group(1)) : port;
        return new PeerProcess(process, new Target("127.0.0.1", at, null), atExit);
      }
      said.append(line).append('\n');
    }
    process.destroyForcibly();
    throw new LoadFailure(
        command.getFirst() + " did not start: " + said + Files.readString(errors).strip());
  }

  /// Reads on, so that it never waits for a reader.
  private static void drain(BufferedReader out) {
    try (out) {
      out.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // it has ended, and so has what it says
    }
  }

  public Target target() {
    return target;
  }

  /// Processor time that it has used, in user and system mode (on Linux from `/proc/PID/stat`).
  public double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /// Ends it; by force if that takes longer than a minute.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().onExit().join();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly().onExit().join();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // the process is ending, and the hook runs
    }
  }
}
