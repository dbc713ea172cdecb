package dev.myelin.library.webhook.registration;

import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.library.store.TableWrite;
import dev.myelin.library.webhook.ledger.Ledger;
import dev.myelin.library.webhook.ledger.WebhookTables;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All webhooks: in memory for those who ask, in the journal for good.
///
/// Changes hold this object's lock from reading to writing, so that they never cross, and are
/// durable before anybody sees them; reading takes no lock.
public final class WebhookBook {
  private static final int WRITE_BYTES = 8_192;
  private static final int SECRET_BYTES = 32;

  private final Journal journal;
  private final InstantSource clock;
  private final int maxPerTenant;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, WebhookRow> rows = new ConcurrentHashMap<>();
  private volatile Map<String, List<Webhook>> active = Map.of();

  /// Opens the webhooks of a journal.
  public WebhookBook(Journal journal, InstantSource clock, int maxPerTenant) {
    this.journal = journal;
    this.clock = clock;
    this.maxPerTenant = maxPerTenant;
    journal.scan(
        WebhookTables.WEBHOOKS,
        new byte[0],
        (_, value) -> {
          WebhookRow row = WebhookRow.decode(value);
          rows.put(row.webhook().id(), row);
          return true;
        });
    index();
  }

  // ---- reading

  public Optional<Webhook> find(String id) {
    return Optional.ofNullable(rows.get(id)).map(WebhookRow::webhook);
  }

  /// What a webhook signs with.
  public Optional<String> secret(String id) {
    return Optional.ofNullable(rows.get(id)).map(WebhookRow::secret);
  }

  /// A webhook with what it signs with, as whoever made it was told.
  public Optional<Issued> issued(String id) {
    return Optional.ofNullable(rows.get(id)).map(row -> new Issued(row.webhook(), row.secret()));
  }

  /// Those of a tenant, the oldest first.
  public List<Webhook> list(String tenant) {
    return rows.values().stream()
        .map(WebhookRow::webhook)
        .filter(webhook -> webhook.tenant().equals(tenant))
        .sorted(Comparator.comparing(Webhook::createdAt).thenComparing(Webhook::id))
        .toList();
  }

  /// Those that deliver, by tenant.
  public Map<String, List<Webhook>> active() {
    return active;
  }

  public Set<String> ids() {
    return Set.copyOf(rows.keySet());
  }

  private void index() {
    active =
        rows.values().stream()
            .map(WebhookRow::webhook)
            .filter(Webhook::isActive)
            .collect(Collectors.groupingBy(Webhook::tenant));
  }

  // ---- changing

  /// Adds a webhook.
  ///
  /// @param url of it, checked
  /// @throws ServiceException CONFLICT if the tenant has as many as it may have
  public synchronized Issued create(String id, String tenant, NewWebhook wanted, URI url) {
    if (list(tenant).size() >= maxPerTenant) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "There are "
              + maxPerTenant
              + " webhooks, as many as there may be (webhooks.max-per-tenant). Delete some first.");
    }
    Instant now = now();
    Webhook webhook =
        new Webhook(
            id,
            tenant,
            url,
            new EventPatterns(wanted.events()),
            wanted.library(),
            wanted.description(),
            wanted.policy(),
            WebhookStatus.ACTIVE,
            null,
            0,
            now,
            now);
    String secret = wanted.secret();
    WebhookRow row = new WebhookRow(webhook, secret == null ? newSecret() : secret);
    put(row);
    return new Issued(webhook, row.secret());
  }

  /// As the journal keeps it.
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return "whsec_" + HexFormat.of().formatHex(bytes);
  }

  /// Refuses what no webhook can be.
  ///
  /// @throws ServiceException INVALID_WEBHOOK
  public static void check(NewWebhook webhook) {
    WebhookRules.check(webhook);
  }

  /// Changes a webhook.
  ///
  /// @param url checked; null if the patch has none
  /// @throws ServiceException NOT_FOUND, INVALID_WEBHOOK
  public synchronized Webhook update(String id, WebhookPatch patch, @Nullable URI url) {
    WebhookRules.check(patch);
    return change(id, before -> patched(before, patch, url));
  }

  private Webhook patched(Webhook before, WebhookPatch patch, @Nullable URI url) {
    boolean moved = url != null && !url.equals(before.url());
    Webhook fields =
        new Webhook(
            before.id(),
            before.tenant(),
            url == null ? before.url() : url,
            patch.events() == null ? before.events() : new EventPatterns(patch.events()),
            before.library(),
            patch.description() == null ? before.description() : patch.description(),
            patch.policy(before.policy()),
            before.status(),
            before.statusReason(),
            moved ? before.generation() + 1 : before.generation(),
            before.createdAt(),
            now());
    WebhookStatus status = patch.status();
    return status == null || status == before.status()
        ? fields
        : fields.with(status, status == WebhookStatus.ACTIVE ? null : "By request.", now());
  }

  /// Stops a webhook that delivers; one that does not stays as it is.
  ///
  /// @param reason for people
  public synchronized void stop(String id, WebhookStatus status, String reason) {
    WebhookRow row = rows.get(id);
    if (row != null && row.webhook().isActive()) {
      put(row.with(row.webhook().with(status, reason, now())));
    }
  }

  /// Gives a webhook another secret; what is on its way is signed with the old one.
  ///
  /// @param wanted null for one that is made
  /// @throws ServiceException NOT_FOUND, INVALID_WEBHOOK
  public synchronized Issued rotate(String id, @Nullable String wanted) {
    WebhookRules.checkSecret(wanted);
    Webhook webhook = require(id).webhook();
    String secret = wanted == null ? newSecret() : wanted;
    put(new WebhookRow(webhook, secret));
    return new Issued(webhook, secret);
  }

  private Webhook change(String id, UnaryOperator<Webhook> change) {
    WebhookRow row = require(id);
    WebhookRow changed = row.with(change.apply(row.webhook()));
    put(changed);
    return changed.webhook();
  }

  /// Removes a webhook with all that is known of it.
  ///
  /// @throws ServiceException NOT_FOUND
  public synchronized void remove(String id) {
    var _ = require(id);
    TableWrite.await(
        journal,
        Lane.NORMAL,
        WRITE_BYTES,
        batch -> {
          batch.delete(WebhookTables.WEBHOOKS, WebhookTables.key(id));
          Ledger.forget(batch, id);
        });
    rows.remove(id);
    index();
  }

  private WebhookRow require(String id) {
    WebhookRow row = rows.get(id);
    if (row == null) {
      throw unknown(id);
    }
    return row;
  }

  /// Says that there is no such webhook.
  public static ServiceException unknown(String id) {
    return new ServiceException(
        ErrorCode.NOT_FOUND,
        "There is no webhook " + Excerpt.of(id) + ". GET /v1/webhooks lists those there are.");
  }

  private void put(WebhookRow row) {
    String id = row.webhook().id();
    TableWrite.await(
        journal,
        Lane.NORMAL,
        WRITE_BYTES,
        batch -> batch.put(WebhookTables.WEBHOOKS, WebhookTables.key(id), row.encode()));
    rows.put(id, row);
    index();
  }
}
