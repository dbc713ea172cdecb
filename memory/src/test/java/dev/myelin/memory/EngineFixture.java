package dev.myelin.memory;

import dev.myelin.journal.Lane;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// An engine over a real journal in a folder, with a clock that stands until it is moved.
final class EngineFixture implements AutoCloseable {
  static final SpaceId SPACE = SpaceId.parse("test-space");

  private final Path folder;
  private final MemoryConfig config;
  private final @Nullable Embedder embedder;
  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InstantSource clock = () -> now;
  RocksJournal journal;
  MemoryEngine engine;

  EngineFixture(Path folder, MemoryConfig config, @Nullable Embedder embedder) {
    this.folder = folder;
    this.config = config;
    this.embedder = embedder;
    journal = openJournal();
    engine = openEngine();
  }

  EngineFixture(Path folder) {
    this(folder, MemoryConfig.DEFAULT, null);
  }

  private RocksJournal openJournal() {
    return RocksJournal.open(
        folder.resolve("journal"), JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
  }

  private MemoryEngine openEngine() {
    return MemoryEngine.open(config, journal, indexFolder(), embedder, clock, meters);
  }

  Path indexFolder() {
    return folder.resolve("index");
  }

  /// Closes everything and opens it again.
  void restart() {
    close();
    reopen();
  }

  /// Opens what was closed.
  void reopen() {
    journal = openJournal();
    engine = openEngine();
  }

  @Override
  public void close() {
    engine.close();
    journal.close();
  }

  CompletableFuture<Stored> submit(SpaceId space, Episode episode) {
    CompletableFuture<Stored> result = new CompletableFuture<>();
    engine.commit(
        new Remember(space, episode, Lane.NORMAL),
        new Commitment() {
          @Override
          public void stored(Stored stored) {
            result.complete(stored);
          }

          @Override
          public void refused(ServiceException reason) {
            result.completeExceptionally(reason);
          }
        });
    return result;
  }

  Stored remember(Episode episode) {
    return await(submit(SPACE, episode));
  }

  static Stored await(CompletableFuture<Stored> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException known ? known : e;
    }
  }

  List<String> recall(RecallQuery query) {
    return ids(engine.recall(query));
  }

  static List<String> ids(Recollection answer) {
    return answer.results().stream()
        .map(Recalled::memory)
        .map(found -> found.id().value())
        .toList();
  }

  static Episode episode(String id, String what, float @Nullable ... vector) {
    return new Episode(
        new MemoryId(id),
        null,
        what,
        vector == null || vector.length == 0 ? null : Embedding.of(vector),
        Confidence.DEFAULT,
        Circumstances.NONE);
  }

  static RecallQuery near(float... vector) {
    return RecallQuery.near(SPACE, Embedding.of(vector));
  }

  static RecallQuery about(String text) {
    return RecallQuery.about(SPACE, text);
  }

  static List<MemoryId> named(String... ids) {
    return List.of(ids).stream().map(MemoryId::new).toList();
  }
}
