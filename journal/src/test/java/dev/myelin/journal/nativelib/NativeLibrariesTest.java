package dev.myelin.journal.nativelib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.nativelib.NativeLibraries.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

@Timeout(240)
final class NativeLibrariesTest {
  /// RocksDB doubles the ending of the name that it looks for in a folder.
  private static final String NAME = Environment.getJniLibraryFileName("rocksdbjni");

  private static final List<Resource> RESOURCES =
      List.of(new Resource("/" + Environment.getJniLibraryFileName("rocksdb"), NAME));

  @TempDir private Path temporary;

  private Path unpack() {
    return NativeLibraries.unpack(temporary.resolve("cache"), RocksDB.class, RESOURCES)
        .orElseThrow();
  }

  @Test
  void unpacksOnce() throws IOException {
    Path library = unpack().resolve(NAME);
    FileTime past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(library, past);

    assertThat(unpack().resolve(NAME)).isEqualTo(library);
    assertThat(Files.getLastModifiedTime(library)).isEqualTo(past);
    assertThat(names()).containsExactly(".lock", NAME);
  }

  @Test
  void replacesWhatIsDamaged() throws IOException {
    Path library = unpack().resolve(NAME);
    byte[] whole = Files.readAllBytes(library);
    byte[] changed = whole.clone();
    changed[changed.length / 2] ^= 1;
    for (byte[] damaged : List.of(new byte[0], changed, new byte[] {1, 2, 3})) {
      Files.write(library, damaged);
      unpack();
      assertThat(Files.readAllBytes(library)).isEqualTo(whole);
    }
    Files.write(library.resolveSibling(NAME + ".draft"), new byte[] {1, 2, 3});
    Files.delete(library);
    unpack();
    assertThat(Files.readAllBytes(library)).isEqualTo(whole);
    assertThat(names()).containsExactly(".lock", NAME);
  }

  @Test
  void leavesTheLibrarysOwnWayWhereThereIsNoCache() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "not a folder");

    assertThat(NativeLibraries.unpack(file, RocksDB.class, RESOURCES)).isEmpty();
    assertThat(
            NativeLibraries.unpack(
                temporary, RocksDB.class, List.of(new Resource("/absent.so", "absent.so"))))
        .isEmpty();
    assertThat(
            NativeLibraries.unpack(
                temporary,
                NativeLibrariesTest.class,
                List.of(new Resource("NativeLibrariesTest.class", "any"))))
        .isEmpty();
  }

  @Test
  void servesProcessesThatStartAtOnceAndForgetsThoseThatAreKilled() throws Exception {
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        processes.add(start());
      }
      assertThat(processes.getFirst().getInputStream().read()).isEqualTo('b');
      processes.removeFirst().destroyForcibly().waitFor(); // it unpacks, or waits for that
      for (Process process : processes) {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }

    assertThat(names()).containsExactly(".lock", NAME);
    try (Stream<Path> files = Files.list(temporary.resolve("tmp"))) {
      assertThat(files).isEmpty();
    }
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xshare:auto", "-Xmx64m"));
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(temporary.resolve("tmp")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Loader.class.getName(), temporary.resolve("cache").toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /// A process that unpacks the library into the cache of its argument, and loads it.
  static final class Loader {
    private Loader() {}

    public static void main(String[] arguments) {
      System.out.println("begins");
      Path folder =
          NativeLibraries.unpack(Path.of(arguments[0]), RocksDB.class, RESOURCES).orElseThrow();
      RocksDB.loadLibrary(List.of(folder.toString()));
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(temporary.resolve("cache"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .sorted()
          .toList();
    }
  }
}
