package dev.myelin.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Folders for tests that are tried many times.
final class Folders {
  private Folders() {}

  /// Runs a test in a new folder, which is removed afterwards.
  static void inNew(Consumer<Path> test) {
    try {
      Path folder = Files.createTempDirectory("myelin-stream");
      try {
        test.accept(folder);
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
