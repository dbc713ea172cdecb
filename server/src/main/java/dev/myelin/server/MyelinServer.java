package dev.myelin.server;

import dev.myelin.edge.EdgeServer;
import dev.myelin.edge.EdgeServices;
import dev.myelin.edge.channel.AllChannels;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.webhook.HttpSender;
import dev.myelin.journal.Backups;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.library.LibraryService;
import dev.myelin.library.job.JobService;
import dev.myelin.library.webhook.WebhookSender;
import dev.myelin.library.webhook.WebhookService;
import dev.myelin.live.access.AccessRegistry;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.LocalBroker;
import dev.myelin.live.channel.Channels;
import dev.myelin.live.token.Tokens;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.embedding.BackgroundEmbedding;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.server.config.ServerConfig;
import dev.myelin.stream.ObservationService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole server in one object: opens its parts from the bottom up, closes them from the top
/// down.
///
/// Any thread.
public final class MyelinServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MyelinServer.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration TOKEN_TICK = Duration.ofSeconds(1);

  /// Waiting observations above which the model lets acknowledgements go first.
  private static final int BUSY_DEPTH = 64;

  private final ServerConfig config;
  private final Readiness readiness = new Readiness();
  private final ServerMetrics metrics = new ServerMetrics();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final EdgeServer edge;
  private final ObservationService observations;

  private MyelinServer(ServerConfig config, InstantSource clock) {
    this.config = config;
    // The network and the disk open side by side: each takes about half of a cold start.
    CompletableFuture<EdgeServer> opening =
        CompletableFuture.supplyAsync(
            () -> EdgeServer.open(config.edge(), readiness, metrics::text),
            task -> Thread.ofPlatform().name("edge-opening").start(task));
    try {
      Journal journal = opened(journal(clock));
      AccessRegistry access = opened(AccessRegistry.open(journal, clock));
      Broker broker = opened(LocalBroker.open(config.gateway().broker()));
      Channels channels =
          opened(Channels.open(config.gateway().channels(), journal, broker, clock));
      Tokens tokens = Tokens.open(config.edge().access().tokens(), journal, access, clock);
      Optional<Embedder> embedder = Embedder.open(config.embedding());
      embedder.ifPresent(this::opened);
      MemoryEngine memories =
          opened(
              MemoryEngine.open(
                  config.memory(),
                  journal,
                  config.data().resolve("index"),
                  embedder.orElse(null),
                  clock,
                  metrics.registry()));
      embedder.ifPresent(model -> opened(background(memories, model, journal, clock)));
      LibraryService libraries =
          opened(
              LibraryService.open(
                  config.library(),
                  journal,
                  memories,
                  broker,
                  embedder.orElse(null),
                  clock,
                  metrics.registry()));
      metrics.watch(broker);
      LiveParts live = opened(LiveParts.open(config.gateway(), broker, clock));
      JobService jobs = opened(jobs(journal, libraries, clock));
      this.edge = opened(await(opening));
      HttpSender sender = opened(edge.webhookSender(config.webhooks().targets()));
      WebhookService webhooks = opened(webhooks(journal, libraries, sender, access, clock));
      this.observations = opened(observations(journal, memories, clock, edge.blocking()));
      edge.attach(
          new EdgeServices(
              observations,
              memories,
              libraries,
              config.library(),
              jobs,
              webhooks,
              broker,
              channels,
              new AllChannels(channels, libraries, journal),
              journal,
              new Backups(journal, config.backupFolder(), clock),
              access,
              tokens,
              live.services(),
              Version.number(),
              metrics.registry(),
              clock));
      edge.every(TICK, observations::tick);
      edge.every(TOKEN_TICK, tokens::tick);
      edge.every(
          AccessRegistry.USAGE_PACE, () -> edge.blocking().execute(() -> tidy(access, tokens)));
      metrics.watch(edge);
      readiness.enter(Readiness.State.READY);
      edge.prepare();
      embedder.ifPresent(Embedder::prepare); // in the background, so that no first question waits
    } catch (RuntimeException e) {
      closeParts();
      closeWhenOpen(opening);
      throw e;
    }
  }

  /// The edge may still be opening when another part has failed.
  private static void closeWhenOpen(CompletableFuture<EdgeServer> opening) {
    try {
      opening.join().close(); // closing twice does no harm
    } catch (CompletionException e) {
      LOG.debug("the edge did not open either", e);
    }
  }

  /// Opens a server; it is ready when this returns.
  ///
  /// @throws dev.myelin.edge.ListenException if the address cannot be had
  /// @throws dev.myelin.model.ServiceException if the data folder cannot be used
  public static MyelinServer open(ServerConfig config) {
    return new MyelinServer(config, InstantSource.system());
  }

  private static void tidy(AccessRegistry access, Tokens tokens) {
    try {
      access.writeUsage();
      tokens.revocations().sweep();
    } catch (ServiceException e) {
      LOG.atWarn()
          .addKeyValue("code", e.code())
          .log("the use of API keys, or that revocations have ended, could not be written");
    }
  }

  private RocksJournal journal(InstantSource clock) {
    Path folder = config.data().resolve("journal");
    return RocksJournal.open(folder, config.journal(), clock, metrics.registry());
  }

  private BackgroundEmbedding background(
      MemoryEngine memories, Embedder model, Journal journal, InstantSource clock) {
    return BackgroundEmbedding.start(
        memories.waitingTexts(),
        model,
        BackgroundEmbedding.Options.of(
            config.embedding(), () -> journal.load(Lane.NORMAL).depth() > BUSY_DEPTH),
        clock,
        metrics.registry());
  }

  private JobService jobs(Journal journal, LibraryService libraries, InstantSource clock) {
    return JobService.open(
        config.jobs(),
        journal,
        libraries,
        config.data().resolve("exports"),
        clock,
        metrics.registry());
  }

  private ObservationService observations(
      Journal journal, MemoryEngine memories, InstantSource clock, Executor recalls) {
    return ObservationService.open(
        config.stream(), journal, memories, clock, metrics.registry(), recalls);
  }

  private WebhookService webhooks(
      Journal journal,
      LibraryService libraries,
      WebhookSender sender,
      AccessRegistry access,
      InstantSource clock) {
    return WebhookService.open(
        config.webhooks(),
        new WebhookService.Ground(
            journal,
            libraries.feed(),
            sender,
            tenant -> lives(access, tenant, clock),
            clock,
            metrics.registry()));
  }

  /// A tenant that was never made here is known by the tokens of its issuer.
  private boolean lives(AccessRegistry access, String tenant, InstantSource clock) {
    return access
        .tenants()
        .find(tenant)
        .map(found -> found.isAlive(clock.instant()))
        .orElse(tenant.equals(SpaceId.DEFAULT_TENANT) || config.edge().access().tokens().isOn());
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private static EdgeServer await(CompletableFuture<EdgeServer> opening) {
    try {
      return opening.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Where to point a browser.
  public String url() {
    return edge.url();
  }

  public int port() {
    return edge.port();
  }

  /// Method and path template of all that is answered in JSON, such as `GET /v1/libraries`.
  public List<String> routes() {
    return edge.routes();
  }

  /// Sessions that are open, connected or not.
  public int sessions() {
    return observations.sessions();
  }

  /// Connections that are open.
  public int connections() {
    return edge.connections().open();
  }

  /// WebSockets that are open.
  public int webSockets() {
    return edge.webSockets();
  }

  /// Takes nothing new, settles and answers what was accepted, then closes. Waits, at most as long
  /// as configured for the settling.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      readiness.enter(Readiness.State.DRAINING);
      edge.drain();
      if (!observations.drain(config.shutdownTimeout())) {
        LOG.atWarn()
            .addKeyValue("timeout", config.shutdownTimeout())
            .log("not everything was settled in time");
      }
      closeParts();
    }
  }

  private void closeParts() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) { // each part gets its turn, whatever the others did
        LOG.atError().setCause(e).addKeyValue("part", part).log("a part did not close");
      }
    }
  }
}
