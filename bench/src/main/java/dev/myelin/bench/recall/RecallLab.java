package dev.myelin.bench.recall;

import dev.myelin.bench.recall.Locomo.Conversation;
import dev.myelin.bench.recall.Locomo.Turn;
import dev.myelin.journal.Lane;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.memory.Commitment;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.RecallQuery;
import dev.myelin.memory.Remember;
import dev.myelin.memory.SpaceInfo;
import dev.myelin.memory.Stored;
import dev.myelin.memory.embedding.BackgroundEmbedding;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.embedding.EmbeddingConfig;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Episode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A fresh engine in a folder of its own, which goes with it.
final class RecallLab implements AutoCloseable {
  private final Path folder;
  private final @Nullable Embedder embedder;
  private final RocksJournal journal;
  private final MemoryEngine engine;
  private final @Nullable BackgroundEmbedding background;

  /// @param embedder null for an engine that knows only words
  RecallLab(@Nullable Embedder embedder) throws IOException {
    this.embedder = embedder;
    folder = Files.createTempDirectory("myelin-recall");
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    InstantSource clock = InstantSource.system();
    journal = RocksJournal.open(folder.resolve("journal"), JournalConfig.DEFAULT, clock, meters);
    engine =
        MemoryEngine.open(
            MemoryConfig.DEFAULT, journal, folder.resolve("index"), embedder, clock, meters);
    background =
        embedder == null
            ? null
            : BackgroundEmbedding.start(
                engine.waitingTexts(),
                embedder,
                BackgroundEmbedding.Options.of(EmbeddingConfig.DEFAULT, () -> false),
                clock,
                meters);
  }

  /// Streams a conversation into a space of its own; comes back when all of it is acknowledged.
  void remember(Conversation conversation) throws InterruptedException {
    CountDownLatch open = new CountDownLatch(conversation.turns().size());
    for (Turn turn : conversation.turns()) {
      Episode episode =
          new Episode(
              new MemoryId(turn.id()),
              turn.when(),
              turn.text(),
              null,
              Confidence.DEFAULT,
              Circumstances.NONE);
      engine.commit(new Remember(space(conversation), episode, Lane.NORMAL), new Counting(open));
    }
    open.await();
  }

  /// Waits until every text has its embedding.
  void awaitEmbeddings(Conversation conversation) throws InterruptedException {
    while (engine.space(space(conversation)).map(SpaceInfo::embeddingLag).orElse(0L) > 0) {
      Thread.sleep(Duration.ofMillis(20));
    }
  }

  /// The names of the best memories, as the engine ranks a text.
  List<String> about(Conversation conversation, String text, int max) {
    return ids(RecallQuery.about(space(conversation), text).withMaxResults(max));
  }

  /// The same by the text's embedding alone.
  List<String> near(Conversation conversation, String text, int max) {
    return ids(RecallQuery.near(space(conversation), model().embedQuery(text)).withMaxResults(max));
  }

  /// The same by reciprocal rank fusion of words and embedding: what a cue with both asks for.
  List<String> byRanks(Conversation conversation, String text, int max) {
    RecallQuery about = RecallQuery.about(space(conversation), text);
    return ids(
        new RecallQuery(
            about.space(),
            model().embedQuery(text),
            text,
            about.filter(),
            max,
            about.minSimilarity(),
            about.asOf(),
            false,
            false));
  }

  private Embedder model() {
    if (embedder == null) {
      throw new IllegalStateException("this engine knows only words");
    }
    return embedder;
  }

  private List<String> ids(RecallQuery query) {
    return engine.recall(query).results().stream()
        .map(recalled -> recalled.memory().id().value())
        .toList();
  }

  private static SpaceId space(Conversation conversation) {
    return SpaceId.parse("locomo-" + conversation.id());
  }

  @Override
  public void close() throws IOException {
    if (background != null) {
      background.close();
    }
    engine.close();
    journal.close();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /// Counts acknowledgements.
  private record Counting(CountDownLatch open) implements Commitment {
    @Override
    public void stored(Stored stored) {
      open.countDown();
    }

    @Override
    public void refused(ServiceException reason) {
      throw new IllegalStateException("The journal refused a turn", reason);
    }
  }
}
