package dev.myelin.library.webhook;

import dev.myelin.journal.Lane;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.library.LibraryConfig;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.feed.FeedConfig;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.library.store.TableWrite;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.registration.DeliveryPolicy;
import dev.myelin.library.webhook.registration.NewWebhook;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookPatch;
import dev.myelin.library.webhook.registration.WebhookStatus;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.BrokerConfig;
import dev.myelin.live.broker.LocalBroker;
import dev.myelin.memory.Commitment;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.Remember;
import dev.myelin.memory.Stored;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Webhooks over a real journal in a folder, with real targets on this machine and a clock that
/// stands until it is moved.
final class WebhookFixture implements AutoCloseable {
  static final String TENANT = "default";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final LibraryConfig libraryConfig;
  private final WebhookConfig config;
  final ManualClock clock = new ManualClock();
  volatile boolean tenantLives = true;
  RocksJournal journal;
  MemoryEngine engine;
  private Broker broker;
  LibraryService libraries;
  WebhookService webhooks;

  WebhookFixture(Path folder, WebhookConfig config, FeedConfig feed) {
    this.folder = folder;
    this.config = config;
    LibraryConfig usual = LibraryConfig.DEFAULT;
    this.libraryConfig =
        new LibraryConfig(
            usual.maxPassagesPerDocument(),
            usual.maxPassageCharacters(),
            usual.maxDocumentsPerBatch(),
            usual.maxDocumentCharacters(),
            usual.maxConcurrentEmbeddings(),
            usual.chunks(),
            feed);
    open();
  }

  WebhookFixture(Path folder) {
    this(folder, WebhookConfig.DEFAULT, FeedConfig.DEFAULT);
  }

  private void open() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    journal = RocksJournal.open(folder.resolve("journal"), JournalConfig.DEFAULT, clock, meters);
    engine =
        MemoryEngine.open(
            MemoryConfig.DEFAULT, journal, folder.resolve("index"), null, clock, meters);
    broker = LocalBroker.open(BrokerConfig.DEFAULT);
    libraries = LibraryService.open(libraryConfig, journal, engine, broker, null, clock, meters);
    webhooks =
        WebhookService.open(
            config,
            new WebhookService.Ground(
                journal, libraries.feed(), new LoopbackSender(), _ -> tenantLives, clock, meters));
  }

  void restart() {
    close();
    open();
  }

  @Override
  public void close() {
    webhooks.close();
    libraries.close();
    broker.close();
    engine.close();
    journal.close();
  }

  // ---- libraries

  SpaceId library(String id) {
    SpaceId made = libraryNow(id);
    clock.advance(Duration.ofMillis(1));
    return made;
  }

  /// Makes a library while the clock stands.
  SpaceId libraryNow(String id) {
    // One of that id may be being deleted still.
    await("the library is made", () -> isMade(NewLibrary.named("Library " + id).withId(id)));
    return new SpaceId(TENANT, id);
  }

  private boolean isMade(NewLibrary library) {
    try {
      var _ = libraries.create(TENANT, library, Cause.NONE);
      return true;
    } catch (ServiceException e) {
      if (e.code().isTemporary()) {
        return false;
      }
      throw e;
    }
  }

  void add(SpaceId library, String document) {
    NewPassage passage =
        new NewPassage("a passage of " + document, Embedding.of(new float[] {1, 0}));
    DocumentMeta meta = DocumentMeta.titled("Title of " + document);
    var _ =
        libraries.add(
            library, new NewDocument(document, meta, null, List.of(passage), false), Cause.NONE);
  }

  void drop(SpaceId library) {
    clock.advance(Duration.ofMillis(1));
    // A batch that has begun has the time of its beginning: the deletion must not join one.
    TableWrite.await(journal, Lane.NORMAL, 1, _ -> {});
    libraries.delete(library, Cause.NONE);
    clock.advance(Duration.ofMillis(1));
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
    var _ = done.join();
  }

  // ---- webhooks

  Webhook webhook(Receiver target, @Nullable SpaceId library, String... events) {
    clock.advance(Duration.ofMillis(1));
    return webhookNow(target, library, events);
  }

  /// Makes a webhook while the clock stands.
  Webhook webhookNow(Receiver target, @Nullable SpaceId library, String... events) {
    NewWebhook wanted =
        new NewWebhook(
            target.url(),
            List.of(events),
            library == null ? null : library.name(),
            null,
            null,
            new DeliveryPolicy(3, Duration.ofMinutes(1), Duration.ofMinutes(2)));
    return webhooks.create(TENANT, wanted).webhook();
  }

  Webhook now(Webhook webhook) {
    return webhooks.find(webhook.id()).orElseThrow();
  }

  void become(Webhook webhook, WebhookStatus status) {
    var _ =
        webhooks.update(webhook.id(), new WebhookPatch(null, null, null, status, null, null, null));
  }

  /// The log, the newest entries first.
  List<Delivery> log(Webhook webhook) {
    return webhooks.deliveries(webhook.id(), null, 1, 10_000).deliveries();
  }

  /// When the newest attempt is to be followed by another; the epoch if it is not.
  Instant due(Webhook webhook) {
    List<Delivery> log = log(webhook);
    Instant next = log.isEmpty() ? null : log.getFirst().nextAt();
    return next == null ? Instant.EPOCH : next;
  }

  /// Waits until the newest attempt failed and waits for its time; gives that.
  Instant nextAttempt(Webhook webhook) {
    await("the next attempt is in the future", () -> due(webhook).isAfter(clock.instant()));
    return due(webhook);
  }

  static void await(String what, BooleanSupplier condition) {
    Eventually.until(what, PATIENCE, condition);
  }
}
