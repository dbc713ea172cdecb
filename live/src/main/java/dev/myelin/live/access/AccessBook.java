package dev.myelin.live.access;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Table;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All tenants and keys: in memory for those who ask, in the journal for good.
///
/// Changes hold this object's lock from reading to writing, so that they never cross; reading takes
/// no lock. The use of a key is counted beside its row, and joined to it when it is shown or
/// written.
final class AccessBook {
  static final Table TENANTS = new Table("tenant");
  static final Table KEYS = new Table("api-key");

  /// Bounds one transaction of [#writeUsage()].
  private static final int ROWS_AT_ONCE = 256;

  private final Journal journal;
  private final InstantSource clock;
  private final Map<String, Held<TenantRow>> tenants = new ConcurrentHashMap<>();
  private final Map<String, Held<KeyRow>> keys = new ConcurrentHashMap<>();
  private final Map<String, String> keysByHash = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  /// A row and its use.
  record Held<R>(R row, Meter meter) {}

  AccessBook(Journal journal, InstantSource clock) {
    this.journal = journal;
    this.clock = clock;
  }

  void load() {
    journal.scan(
        TENANTS,
        new byte[0],
        (key, value) -> {
          TenantRow row = TenantRow.decode(value);
          tenants.put(row.tenant().id(), new Held<>(row, new Meter(row.tenant().usage())));
          return true;
        });
    journal.scan(
        KEYS,
        new byte[0],
        (key, value) -> {
          KeyRow row = KeyRow.decode(value);
          hold(row, new Meter(row.key().usage()));
          return true;
        });
  }

  Instant now() {
    return clock.instant();
  }

  // -- reading ---------------------------------------------------------------------------------

  Optional<KeyRow> byHash(String hash) {
    String id = keysByHash.get(hash);
    return id == null ? Optional.empty() : key(id);
  }

  Optional<KeyRow> key(String id) {
    return Optional.ofNullable(keys.get(id))
        .map(held -> held.row().with(held.row().key().with(held.meter().usage())));
  }

  Optional<TenantRow> tenant(String id) {
    return Optional.ofNullable(tenants.get(id))
        .map(held -> held.row().with(held.row().tenant().with(held.meter().usage())));
  }

  Collection<String> tenantIds() {
    return tenants.keySet();
  }

  Collection<String> keyIds() {
    return keys.keySet();
  }

  /// Whether a key and its tenant live now.
  boolean isAlive(ApiKey key) {
    Instant now = now();
    Held<TenantRow> tenant = tenants.get(key.tenant());
    return key.isAlive(now) && (tenant == null || tenant.row().tenant().isAlive(now));
  }

  void count(ApiKey key) {
    Instant now = now();
    Held<KeyRow> held = keys.get(key.id());
    if (held != null) {
      held.meter().count(now);
    }
    Held<TenantRow> tenant = tenants.get(key.tenant());
    if (tenant != null) {
      tenant.meter().count(now);
    }
  }

  // -- changing --------------------------------------------------------------------------------

  /// Looks and then changes what was seen, with nobody between.
  synchronized <T> T alone(Supplier<T> step) {
    return step.get();
  }

  /// Puts a tenant with the key that stands for it.
  synchronized void put(TenantRow tenant, KeyRow key) {
    write(batch -> {
      batch.put(TENANTS, bytes(tenant.tenant().id()), tenant.encode());
      batch.put(KEYS, bytes(key.key().id()), key.encode());
    });
    Held<TenantRow> before = tenants.get(tenant.tenant().id());
    Meter meter = before == null ? new Meter(Usage.NONE) : before.meter();
    tenants.put(tenant.tenant().id(), new Held<>(tenant, meter));
    hold(key, new Meter(Usage.NONE));
  }

  synchronized void add(KeyRow key) {
    write(batch -> batch.put(KEYS, bytes(key.key().id()), key.encode()));
    hold(key, new Meter(Usage.NONE));
  }

  /// Gives a key that is there another secret.
  synchronized Optional<ApiKey> rotate(String id, String hash, Predicate<ApiKey> which) {
    KeyRow old = key(id).filter(row -> which.test(row.key())).orElse(null);
    Held<KeyRow> held = keys.get(id);
    if (old == null || held == null) {
      return Optional.empty();
    }
    KeyRow rotated = new KeyRow(old.key().rotated(), hash);
    write(batch -> batch.put(KEYS, bytes(id), rotated.encode()));
    keysByHash.remove(old.hash());
    hold(rotated, held.meter());
    tell(id);
    return Optional.of(rotated.key());
  }

  /// Removes a key for good; whether it was there.
  synchronized boolean remove(String id, Predicate<ApiKey> which) {
    KeyRow row = key(id).filter(found -> which.test(found.key())).orElse(null);
    if (row == null) {
      return false;
    }
    write(batch -> batch.delete(KEYS, bytes(id)));
    forget(row);
    return true;
  }

  /// Marks a tenant as inactive and removes its keys for good; whether it was there.
  synchronized boolean deactivate(String id) {
    TenantRow row = tenant(id).orElse(null);
    Held<TenantRow> held = tenants.get(id);
    if (row == null || held == null) {
      return false;
    }
    TenantRow inactive = row.with(row.tenant().deactivated());
    var dead = keys.values().stream().map(Held::row).filter(key -> isOf(key, id)).toList();
    write(batch -> {
      batch.put(TENANTS, bytes(id), inactive.encode());
      dead.forEach(key -> batch.delete(KEYS, bytes(key.key().id())));
    });
    tenants.put(id, new Held<>(inactive, held.meter()));
    dead.forEach(this::forget);
    return true;
  }

  private static boolean isOf(KeyRow key, String tenant) {
    return key.key().tenant().equals(tenant);
  }

  private void hold(KeyRow row, Meter meter) {
    keys.put(row.key().id(), new Held<>(row, meter));
    keysByHash.put(row.hash(), row.key().id());
  }

  private void forget(KeyRow row) {
    keysByHash.remove(row.hash());
    keys.remove(row.key().id());
    tell(row.key().id());
  }

  // -- secrets that died -----------------------------------------------------------------------

  Journal.Subscription whenSecretDies(Consumer<String> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void tell(String keyId) {
    listeners.forEach(listener -> listener.accept(keyId));
  }

  // -- use -------------------------------------------------------------------------------------

  synchronized void writeUsage() {
    writeUsage(TENANTS, tenants, (row, usage) -> row.with(row.tenant().with(usage)).encode());
    writeUsage(KEYS, keys, (row, usage) -> row.with(row.key().with(usage)).encode());
  }

  private interface Encoding<R> {
    byte[] encode(R row, Usage usage);
  }

  private <R> void writeUsage(Table table, Map<String, Held<R>> all, Encoding<R> encoding) {
    var changed =
        all.entrySet().stream().filter(e -> e.getValue().meter().unwritten() != null).toList();
    for (int from = 0; from < changed.size(); from += ROWS_AT_ONCE) {
      var some = changed.subList(from, Math.min(from + ROWS_AT_ONCE, changed.size()));
      Map<String, Usage> written = new ConcurrentHashMap<>();
      some.forEach(entry -> written.put(entry.getKey(), entry.getValue().meter().usage()));
      write(batch ->
          some.forEach(entry ->
              batch.put(
                  table,
                  bytes(entry.getKey()),
                  encoding.encode(entry.getValue().row(), usageOf(written, entry.getKey())))));
      some.forEach(entry -> entry.getValue().meter().wrote(usageOf(written, entry.getKey())));
    }
  }

  private static Usage usageOf(Map<String, Usage> usages, String id) {
    @Nullable Usage usage = usages.get(id);
    return usage == null ? Usage.NONE : usage;
  }

  /// @throws ServiceException as the journal refused it: nothing was changed
  private void write(Consumer<Batch> change) {
    BlockingChange.submit(journal, change);
  }

  private static byte[] bytes(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }
}
