package dev.myelin.bench.peer;

import dev.myelin.bench.load.Dialect;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// A store that may be compared with, if it is installed.
public enum Peer {
  /// Redis Streams, synced before each reply: as durable, not searchable.
  REDIS,
  /// A LanceDB table: durable and searchable by vector.
  LANCEDB;

  /// As it is asked for and shown.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads a name.
  ///
  /// @throws IllegalArgumentException if there is no such peer
  public static Peer parse(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /// Whether it can be started here.
  public boolean isInstalled() {
    return switch (this) {
      case REDIS -> Installed.program("redis-server").isPresent();
      case LANCEDB -> Installed.program("node").isPresent() && Files.isDirectory(lanceDb());
    };
  }

  /// Starts it and waits until it is ready.
  ///
  /// @param folder empty or missing; its data goes there
  /// @param dimension of the embeddings that will come
  /// @throws LoadFailure if it does not get ready
  public PeerProcess start(Path folder, int dimension) throws IOException {
    Files.createDirectories(folder);
    return switch (this) {
      case REDIS -> Redis.start(require("redis-server"), folder);
      case LANCEDB -> LanceDb.start(require("node"), Installed.folder(), folder, dimension);
    };
  }

  /// How a connection to it speaks.
  public Dialect dialect(Session session) {
    return switch (this) {
      case REDIS -> new RedisDialect(session);
      case LANCEDB -> new LanceDbDialect(session);
    };
  }

  private String require(String program) {
    return Installed.program(program)
        .orElseThrow(() -> new LoadFailure(label() + " is not installed: no " + program))
        .toString();
  }

  private static Path lanceDb() {
    return Installed.modules().resolve("@lancedb").resolve("lancedb");
  }
}
