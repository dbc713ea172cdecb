package dev.myelin.bench.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// What of other projects is on this machine.
final class Installed {
  private Installed() {}

  /// A program on the path.
  static Optional<Path> program(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Where `scripts/install-peers` puts what is not of the system.
  static Path folder() {
    String own = System.getenv("MYELIN_PEERS");
    if (own != null) {
      return Path.of(own);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path folder =
        cache == null ? Path.of(System.getProperty("user.home", "."), ".cache") : Path.of(cache);
    return folder.resolve("myelin").resolve("peers");
  }

  /// The packages of Node.js there.
  static Path modules() {
    return folder().resolve("node_modules");
  }
}
