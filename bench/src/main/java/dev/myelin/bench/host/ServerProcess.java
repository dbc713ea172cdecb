package dev.myelin.bench.host;

import dev.myelin.bench.load.LoadFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server of the benchmark's own: another process with the same class path and options of the
/// JVM, on a port that the system chooses. It ends with this object, or with this process.
public final class ServerProcess implements AutoCloseable {
  private static final String MAIN = "dev.myelin.server.Main";
  private static final Pattern READY = Pattern.compile("ready: (http://\\S+)");
  private static final Pattern CLASS = Pattern.compile("(?m)^ *[0-9]+: +[0-9]+ +([0-9]+) +(\\S+)");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final String url;
  private final long began;
  private final Duration startTime;
  private final Thread atExit;

  private ServerProcess(Process process, String url, long began, Thread atExit) {
    this.process = process;
    this.url = url;
    this.began = began;
    this.startTime = Duration.ofNanos(System.nanoTime() - began);
    this.atExit = atExit;
  }

  /// Starts a server and waits until it is ready.
  ///
  /// @param data its data folder; its log goes to the file beside it that ends in `.log`
  /// @param jvmOptions on top of those of this process
  /// @throws LoadFailure if it does not get ready
  public static ServerProcess start(Path data, List<String> jvmOptions) throws IOException {
    return start(data, jvmOptions, Map.of());
  }

  /// The same with settings of the server.
  ///
  /// @param settings added to the environment, such as `MYELIN_LOG_LEVEL`
  public static ServerProcess start(
      Path data, List<String> jvmOptions, Map<String, String> settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(ownOptions());
    command.addAll(jvmOptions);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path", ""), MAIN, "serve", "--port", "0"));
    command.addAll(List.of("--data", data.toString()));
    Path log = data.resolveSibling(data.getFileName() + ".log");
    long began = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(settings);
    Process process = builder.start();
    Thread atExit = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    String url = awaitReady(process, log);
    return new ServerProcess(process, url, began, atExit);
  }

  /// What this process was started with, but for tools that watch it.
  private static List<String> ownOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-agentlib") && !option.startsWith("-javaagent"))
        .filter(option -> !option.startsWith("-XX:StartFlightRecording"))
        .toList();
  }

  private static String awaitReady(Process process, Path log) throws IOException {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          return ready.group(1);
        }
      }
    }
    process.destroyForcibly();
    throw new LoadFailure("the server did not start: " + Files.readString(log).strip());
  }

  public String url() {
    return url;
  }

  /// From its start to its being ready.
  public Duration startTime() {
    return startTime;
  }

  /// From its start to now.
  public Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /// Bytes of the objects in its heap that are alive, counted by a full collection.
  public long liveBytes() throws IOException {
    String said = histogram();
    Matcher total = TOTAL.matcher(said);
    if (!total.find()) {
      throw new LoadFailure("jcmd did not tell what is in the heap: " + said.strip());
    }
    return Long.parseLong(total.group(1));
  }

  /// The same by class.
  public Map<String, Long> liveClasses() throws IOException {
    Map<String, Long> bytes = new HashMap<>();
    CLASS
        .matcher(histogram())
        .results()
        .forEach(line -> bytes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum));
    return bytes;
  }

  private String histogram() throws IOException {
    String jcmd = Path.of(System.getProperty("java.home", ""), "bin", "jcmd").toString();
    Process looking =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    return new String(looking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// Bytes of memory that it has of the system; 0 where that is not told.
  public long residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /// Processor time that it has used, in user and system mode.
  public double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /// Ends it as a power failure would: nothing is settled or flushed.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// Ends it in order; by force if that takes longer than a minute.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // the process is ending, and the hook runs
    }
  }
}
