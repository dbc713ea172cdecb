package dev.myelin.library;

import dev.myelin.journal.Lane;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.feed.FeedConfig;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.BrokerConfig;
import dev.myelin.live.broker.LocalBroker;
import dev.myelin.memory.Commitment;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.Remember;
import dev.myelin.memory.Stored;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Libraries over a real journal and engine in a folder, with a clock that stands until it is
/// moved.
final class LibraryFixture implements AutoCloseable {
  static final String TENANT = "default";

  private final Path folder;
  private final @Nullable Embedder embedder;
  private final LibraryConfig config;
  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InstantSource clock = () -> now;
  RocksJournal journal;
  MemoryEngine engine;
  LibraryService service;
  Broker broker;

  LibraryFixture(Path folder, @Nullable Embedder embedder, LibraryConfig config) {
    this.folder = folder;
    this.embedder = embedder;
    this.config = config;
    journal = openJournal();
    engine = openEngine();
    broker = LocalBroker.open(BrokerConfig.DEFAULT);
    service = openService();
  }

  LibraryFixture(Path folder) {
    this(folder, null, LibraryConfig.DEFAULT);
  }

  private RocksJournal openJournal() {
    return RocksJournal.open(
        folder.resolve("journal"), JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
  }

  private MemoryEngine openEngine() {
    return MemoryEngine.open(
        MemoryConfig.DEFAULT,
        journal,
        folder.resolve("index"),
        embedder,
        clock,
        new SimpleMeterRegistry());
  }

  private LibraryService openService() {
    return LibraryService.open(
        config, journal, engine, broker, embedder, clock, new SimpleMeterRegistry());
  }

  /// Bounds with another feed.
  static LibraryConfig with(FeedConfig feed) {
    LibraryConfig base = LibraryConfig.DEFAULT;
    return new LibraryConfig(
        base.maxPassagesPerDocument(),
        base.maxPassageCharacters(),
        base.maxDocumentsPerBatch(),
        base.maxDocumentCharacters(),
        base.maxConcurrentEmbeddings(),
        base.chunks(),
        feed);
  }

  void restart() {
    close();
    journal = openJournal();
    engine = openEngine();
    broker = LocalBroker.open(BrokerConfig.DEFAULT);
    service = openService();
  }

  @Override
  public void close() {
    service.close();
    broker.close();
    engine.close();
    journal.close();
  }

  SpaceId library(String id) {
    return service.create(TENANT, NewLibrary.named("Library " + id).withId(id), Cause.NONE).id();
  }

  void stream(SpaceId space, String what) {
    CompletableFuture<Stored> done = new CompletableFuture<>();
    engine.commit(
        new Remember(space, Episode.of(what), Lane.NORMAL),
        new Commitment() {
          @Override
          public void stored(Stored stored) {
            done.complete(stored);
          }

          @Override
          public void refused(ServiceException reason) {
            done.completeExceptionally(reason);
          }
        });
    done.join();
  }

  static Embedding vector(float... values) {
    return Embedding.of(values);
  }

  /// A document of passages with embeddings in a plane, each a little further round.
  static NewDocument turning(String id, int passages, double from) {
    List<NewPassage> list = new ArrayList<>();
    for (int i = 0; i < passages; i++) {
      double angle = from + i * 0.01;
      list.add(
          new NewPassage(
              "passage " + i + " of " + id,
              vector((float) Math.cos(angle), (float) Math.sin(angle))));
    }
    return new NewDocument(id, DocumentMeta.titled("Title of " + id), null, list, false);
  }
}
