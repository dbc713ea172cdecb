package dev.myelin.server.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// The files that are to be read: those that were named, and those in folders that were named.
final class Inputs {
  private static final int MAX_FILES = 1_000_000;

  private final boolean recursive;
  private final BiConsumer<String, String> bad;
  private final List<Input> found = new ArrayList<>();

  /// @param bad hears of each name that leads nowhere, and why
  Inputs(boolean recursive, BiConsumer<String, String> bad) {
    this.recursive = recursive;
    this.bad = bad;
  }

  List<Input> find(List<String> names) {
    for (String name : names) {
      if (name.equals("-")) {
        found.add(Input.STANDARD);
      } else {
        find(name, Path.of(name));
      }
    }
    return found;
  }

  private void find(String name, Path path) {
    try {
      if (!Files.isDirectory(path)) {
        found.add(new Input(path, false, Files.size(path)));
      } else if (recursive) {
        walk(path);
      } else {
        bad.accept(name, "it is a folder (expected: a file, or --recursive)");
      }
    } catch (UncheckedIOException e) {
      bad.accept(name, reason(Objects.requireNonNull(e.getCause())));
    } catch (IOException e) {
      bad.accept(name, reason(e));
    }
  }

  /// All files of a folder in order of name, but those that are hidden, or in a hidden folder.
  private void walk(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(path -> Files.isRegularFile(path) && !isHidden(folder, path))
              .limit(MAX_FILES + 1L)
              .sorted()
              .toList();
    }
    if (files.size() > MAX_FILES) {
      throw new IOException("more than " + MAX_FILES + " files");
    }
    for (Path file : files) {
      found.add(new Input(file, true, Files.size(file)));
    }
  }

  private static boolean isHidden(Path folder, Path file) {
    for (Path part : folder.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /// Why a file cannot be read, in words for people.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "you may not read it";
      default -> "it cannot be read: " + e.getMessage();
    };
  }
}
