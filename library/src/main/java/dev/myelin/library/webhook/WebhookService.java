package dev.myelin.library.webhook;

import dev.myelin.journal.Journal;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.library.webhook.Courier.Attempt;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.ledger.DeliveryPage;
import dev.myelin.library.webhook.ledger.DeliveryStatus;
import dev.myelin.library.webhook.ledger.Figures;
import dev.myelin.library.webhook.ledger.Ledger;
import dev.myelin.library.webhook.registration.Issued;
import dev.myelin.library.webhook.registration.NewWebhook;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookBook;
import dev.myelin.library.webhook.registration.WebhookPatch;
import dev.myelin.library.webhook.registration.WebhookRules;
import dev.myelin.live.broker.Subscription;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Webhooks: made, listed, changed, and told of what happens.
///
/// **Delivery.** Each event at least once, in order within its library, the next one after the
/// target has answered the one before with 2xx. How far a webhook has come is written after that
/// answer, so that a server that is killed between the two tells the last event again. One that
/// fails is tried again after a growing pause, and pauses when that lasts too long.
///
/// All methods block: call them on virtual threads.
public final class WebhookService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookService.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int TICKS_PER_SWEEP = 100;
  private static final int TICKS_PER_LOOK_AT_MEMORIES = 5;
  private static final int TICKS_PER_TRIM = 600;
  private static final int MAX_TESTS = 16;

  private final Journal journal;
  private final WebhookSender sender;
  private final InstantSource clock;
  private final WebhookBook book;
  private final Ledger ledger;
  private final Courier courier;
  private final Turns turns;
  private final Watch watch;
  private final Subscription subscription;
  private final Semaphore tests = new Semaphore(MAX_TESTS);
  private final Set<String> beingMade = ConcurrentHashMap.newKeySet();
  private final ExecutorService couriers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("webhook-", 0).factory());
  private final ScheduledExecutorService upkeep =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("webhook-upkeep").daemon().factory());
  private long ticks;

  /// What webhooks stand on.
  ///
  /// @param lives whether a tenant has not ended: nothing is delivered to those of one that has
  public record Ground(
      Journal journal,
      ChangeFeed feed,
      WebhookSender sender,
      Predicate<String> lives,
      InstantSource clock,
      MeterRegistry meters) {}

  private WebhookService(WebhookConfig config, Ground ground) {
    journal = ground.journal();
    sender = ground.sender();
    clock = ground.clock();
    book = new WebhookBook(journal, clock, config.maxPerTenant());
    ledger = new Ledger(journal, config.log().entries(), config.log().age());
    courier = new Courier(sender, clock, ground.meters());
    Backoff backoff = new Backoff(config.patience(), new Random());
    Round round =
        new Round(
            book,
            ledger,
            new Upcoming(journal, ground.feed()),
            courier,
            new Round.Terms(backoff, config.patience().pauseAfter(), ground.lives(), clock));
    turns = new Turns(config.inFlight(), couriers, round::run);
    watch = new Watch(journal, ground.feed(), book, ledger, turns);
    subscription = ground.feed().subscribeAll(null, watch);
    gauges(ground.meters());
  }

  private void gauges(MeterRegistry meters) {
    Gauge.builder("myelin.webhook.in.flight", turns, Turns::inFlight)
        .description("Deliveries that are being made")
        .register(meters);
    Gauge.builder("myelin.webhook.waiting", turns, Turns::waiting)
        .description("Libraries of webhooks that wait for their next attempt")
        .register(meters);
  }

  /// Opens the webhooks of a journal and goes on telling them, each from its place.
  public static WebhookService open(WebhookConfig config, Ground ground) {
    WebhookService service = new WebhookService(config, ground);
    long millis = TICK.toMillis();
    var _ = service.upkeep.scheduleWithFixedDelay(service::tick, 0, millis, TimeUnit.MILLISECONDS);
    return service;
  }

  /// What is not done now is done next time.
  private void tick() {
    try {
      turns.tick(clock.instant());
      boolean memories =
          book.active().values().stream()
              .flatMap(List::stream)
              .anyMatch(webhook -> webhook.events().wantsMemories());
      if (ticks % (memories ? TICKS_PER_LOOK_AT_MEMORIES : TICKS_PER_SWEEP) == 0) {
        watch.sweep();
      }
      if (ticks % TICKS_PER_TRIM == 0) {
        trim();
      }
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("the upkeep of webhooks failed; tried again soon");
    }
    ticks++;
  }

  /// Lets go of what is too old, too much, or nobody's. Blocks.
  void trim() {
    ledger.forgetOthers(id -> beingMade.contains(id) || book.find(id).isPresent());
    book.ids().forEach(id -> ledger.trim(id, clock.instant()));
  }

  // ---- webhooks

  /// Makes a webhook, which is told of what happens from now on.
  ///
  /// @throws ServiceException INVALID_WEBHOOK, also if its target may not be called;
  ///   LIBRARY_NOT_FOUND; CONFLICT if there are too many
  public Issued create(String tenant, NewWebhook wanted) {
    return create(UUID.randomUUID().toString(), tenant, wanted);
  }

  /// Makes a webhook of a chosen id; if there is one of that id, it is the answer as it is.
  ///
  /// @param id a UUID
  /// @throws ServiceException INVALID_WEBHOOK, also if its target may not be called;
  ///   LIBRARY_NOT_FOUND; CONFLICT if there are too many, or it is just being made
  public Issued create(String id, String tenant, NewWebhook wanted) {
    WebhookBook.check(wanted);
    Optional<Issued> made = book.issued(id);
    if (made.isPresent()) {
      return made.get();
    }
    URI url = target(wanted.url());
    requireThere(tenant, wanted.library());
    if (!beingMade.add(id)) {
      throw new ServiceException(
          ErrorCode.CONFLICT, "Webhook " + id + " is just being made. Try again in a moment.");
    }
    try {
      ledger.prepare(id, watch.ends(tenant, wanted.library()));
      return book.create(id, tenant, wanted, url);
    } finally {
      beingMade.remove(id);
    }
  }

  private URI target(String text) {
    URI url = WebhookRules.url(text);
    Optional<String> refusal = sender.refusal(url);
    if (refusal.isPresent()) {
      throw WebhookRules.invalid(
          "url",
          "may not be called: " + refusal.get(),
          "Choose a public address, or ask whoever runs the server to allow others"
              + " (webhooks.allow-private-targets).");
    }
    return url;
  }

  private void requireThere(String tenant, @Nullable String library) {
    if (library != null) {
      SpaceId id = new SpaceId(tenant, library);
      if (journal.get(SpaceTables.SPACES, LibraryTables.key(id)) == null) {
        throw ChangeFeed.unknown(id);
      }
    }
  }

  public Optional<Webhook> find(String id) {
    return book.find(id);
  }

  /// The webhooks of a tenant, the oldest first.
  public List<Webhook> list(String tenant) {
    return book.list(tenant);
  }

  /// Changes a webhook. One that is made active goes on from its place at once.
  ///
  /// @throws ServiceException NOT_FOUND, INVALID_WEBHOOK; LIBRARY_NOT_FOUND if it is to be active
  ///   and its library is gone
  public Webhook update(String id, WebhookPatch patch) {
    Webhook before = book.find(id).orElseThrow(() -> WebhookBook.unknown(id));
    URI url = patch.url() == null ? null : target(patch.url());
    if (patch.status() != null && patch.status() != before.status()) {
      requireThere(before.tenant(), before.isActive() ? null : before.library());
    }
    Webhook after = book.update(id, patch, url);
    if (after.isActive() && after.generation() != before.generation()) {
      turns.wake(id, after.target());
      watch.sweep(after);
    }
    return after;
  }

  /// Gives a webhook another secret.
  ///
  /// @param secret 16 to 256 characters, null for one that is made
  /// @throws ServiceException NOT_FOUND, INVALID_WEBHOOK
  public Issued rotate(String id, @Nullable String secret) {
    return book.rotate(id, secret);
  }

  /// Removes a webhook with its log.
  ///
  /// @throws ServiceException NOT_FOUND
  public void delete(String id) {
    book.remove(id);
  }

  // ---- deliveries

  /// A page of a webhook's log, the newest entries first.
  ///
  /// @param status null for any
  /// @param page from 1
  public DeliveryPage deliveries(
      String id, @Nullable DeliveryStatus status, int page, int pageSize) {
    return ledger.deliveries(
        id, delivery -> status == null || delivery.status() == status, page, pageSize);
  }

  public Figures figures(String id) {
    return ledger.figures(id);
  }

  /// Sends a webhook an event `webhook.test`, once, whether it is active or not, and waits for the
  /// answer.
  ///
  /// @throws ServiceException NOT_FOUND; OVERLOADED if too many are being tested
  public Delivery test(String id) throws InterruptedException {
    Webhook webhook = book.find(id).orElseThrow(() -> WebhookBook.unknown(id));
    String secret = book.secret(id).orElseThrow(() -> WebhookBook.unknown(id));
    if (!tests.tryAcquire()) {
      throw new ServiceException(
          ErrorCode.OVERLOADED,
          MAX_TESTS + " webhooks are being tested. Try again in a moment.",
          Duration.ofSeconds(5));
    }
    try {
      Message message = Message.test(id, webhook.library(), clock.instant());
      Attempt attempt = courier.deliver(webhook, secret, message);
      DeliveryStatus status = attempt.succeeded() ? DeliveryStatus.SUCCESS : DeliveryStatus.FAILED;
      Delivery delivery = attempt.logged(message, status, 1, null);
      ledger.record(id, delivery, null);
      return delivery;
    } finally {
      tests.release();
    }
  }

  /// Ends deliveries; what is on its way is told again after a start. The journal and the feed stay
  /// open.
  @Override
  public void close() {
    upkeep.shutdownNow();
    subscription.close();
    turns.close();
    couriers.shutdownNow();
    try {
      if (!couriers.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.atWarn().log("deliveries of webhooks did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
