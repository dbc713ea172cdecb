package dev.myelin.bench.peer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// LanceDB inside a small Node.js program that adds what comes in on a socket to a table.
final class LanceDb {
  private static final String PROGRAM = "lancedb.cjs";
  private static final Pattern READY = Pattern.compile("^ready: (\\d+)$");

  private LanceDb() {}

  /// @param modules the folder with `node_modules`
  static PeerProcess start(String node, Path modules, Path folder, int dimension)
      throws IOException {
    Path program = folder.resolve(PROGRAM);
    try (InputStream source = LanceDb.class.getResourceAsStream(PROGRAM)) {
      if (source == null) {
        throw new FileNotFoundException(PROGRAM);
      }
      Files.copy(source, program);
    }
    List<String> command =
        List.of(
            node,
            program.toString(),
            modules.toString(),
            folder.resolve("table").toString(),
            Integer.toString(dimension));
    return PeerProcess.start(command, folder, READY, 0);
  }
}
