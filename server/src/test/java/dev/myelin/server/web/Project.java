package dev.myelin.server.web;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The folder the sources are in, and the tools of the machine.
final class Project {
  private Project() {}

  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("myelin"))) {
      folder = Optional.ofNullable(folder.getParent()).orElseThrow();
    }
    return folder;
  }

  /// The first of these commands that is installed. Without one the test is skipped, but never in
  /// continuous integration.
  static Path tool(String... names) {
    Optional<Path> found =
        List.of(names).stream().flatMap(name -> onPath(name).stream()).findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    String text =
        "none of " + List.of(names) + " is installed; scripts/install-test-tools does that";
    return "true".equals(System.getenv("CI")) ? fail(text) : abort(text);
  }

  private static Optional<Path> onPath(String name) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
