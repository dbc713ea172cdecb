package dev.myelin.bench.host;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the figures were measured on.
///
/// @param disk the kind of file system of the data, and how long a synced write of 4 KiB takes
/// @param load the load average of the last minute, before the run
public record Machine(
    String cpu, int cores, long memoryBytes, String disk, String jvm, double load) {
  private static final int SYNCS = 64;

  /// Looks around; writes a little below the folder to see how fast its disk is.
  public static Machine look(Path folder) throws IOException {
    return new Machine(
        line("/proc/cpuinfo", "model name", System.getProperty("os.arch", "")),
        Runtime.getRuntime().availableProcessors(),
        kilobytes(line("/proc/meminfo", "MemTotal", "0 kB")),
        Files.getFileStore(folder).type() + ", " + syncMicros(folder) + " us a sync of 4 KiB",
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String line(String file, String name, String otherwise) throws IOException {
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      return otherwise;
    }
    List<String> lines = Files.readAllLines(path);
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }

  private static long kilobytes(String text) {
    return Long.parseLong(text.replaceAll("[^0-9]", "")) * 1024;
  }

  /// The median.
  private static long syncMicros(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "sync", ".bin");
    long[] micros = new long[SYNCS];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(4096));
        channel.force(false);
        micros[i] = (System.nanoTime() - start) / 1000;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(micros);
    return micros[SYNCS / 2];
  }

  /// In one line.
  public String text() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.0f GB; %s; %s; load average %.1f",
        cpu,
        cores,
        memoryBytes / 1e9,
        disk,
        jvm,
        load);
  }
}
