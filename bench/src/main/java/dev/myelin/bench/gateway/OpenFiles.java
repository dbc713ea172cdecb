package dev.myelin.bench.gateway;

import dev.myelin.bench.load.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many files, and so connections, a process may have open.
final class OpenFiles {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final int OTHERS = 500;

  private OpenFiles() {}

  /// @throws LoadFailure if so many connections are too many here
  static void require(int connections) throws IOException {
    if (!Files.isReadable(LIMITS)) {
      return;
    }
    for (String line : Files.readAllLines(LIMITS)) {
      String[] words = line.split(" {2,}", -1);
      if (words[0].equals("Max open files") && !words[1].equals("unlimited")) {
        long limit = Long.parseLong(words[1]);
        if (limit < connections + OTHERS) {
          throw new LoadFailure(
              "a process may have "
                  + limit
                  + " files open here (expected: "
                  + (connections + OTHERS)
                  + " for "
                  + connections
                  + " connections). Run `ulimit -n "
                  + (connections + OTHERS)
                  + "` first, or ask for fewer");
        }
      }
    }
  }
}
