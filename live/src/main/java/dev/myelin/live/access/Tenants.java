package dev.myelin.live.access;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Grant;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The tenants that were made; the default tenant is always there and not among them.
///
/// What changes something blocks until it is durable. Any thread.
public final class Tenants {
  private static final int MAX_TENANTS = 10_000;

  private final AccessBook book;
  private final Secrets secrets = new Secrets();

  Tenants(AccessBook book) {
    this.book = book;
  }

  /// Makes a tenant and a key that may do everything in it.
  ///
  /// @throws ServiceException CONFLICT if there are as many as there may be
  public Issued<Tenant> create(NewTenant wanted) {
    return book.alone(() -> make(wanted));
  }

  private Issued<Tenant> make(NewTenant wanted) {
    if (book.tenantIds().size() >= MAX_TENANTS) {
      throw new ServiceException(
          ErrorCode.CONFLICT, "There are " + MAX_TENANTS + " tenants, as many as there may be.");
    }
    Instant now = book.now();
    Instant end = wanted.lifetime() == null ? null : now.plus(wanted.lifetime());
    String secret = secrets.secret();
    Tenant tenant =
        new Tenant(
            secrets.id("tenant_"), wanted.name(), wanted.metadata(), now, end, true, Usage.NONE);
    put(tenant, secret);
    return new Issued<>(tenant, secret);
  }

  /// All of them, the oldest first.
  public List<Tenant> list() {
    return book.tenantIds().stream()
        .map(this::find)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(Tenant::createdAt).thenComparing(Tenant::id))
        .toList();
  }

  public Optional<Tenant> find(String id) {
    return book.tenant(id)
        .map(TenantRow::tenant)
        .map(tenant -> tenant.isAlive(book.now()) ? tenant : tenant.deactivated());
  }

  /// Gives the key that a tenant was made with another secret; the old one is dead at once. If that
  /// key was revoked, the tenant gets another in its place. When the tenant ends stays as it was.
  ///
  /// @throws ServiceException NOT_FOUND if there is no such tenant, CONFLICT if it has ended
  public Issued<Tenant> rotate(String id) {
    return book.alone(() -> change(id));
  }

  private Issued<Tenant> change(String id) {
    TenantRow row = book.tenant(id).orElseThrow(() -> unknown(id));
    if (!row.tenant().isAlive(book.now())) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "Tenant " + Excerpt.of(id) + " was deactivated or has expired. Make another one.");
    }
    String secret = secrets.secret();
    if (book.rotate(row.keyId(), Secrets.hash(secret), _ -> true).isEmpty()) {
      put(row.tenant(), secret);
    }
    return new Issued<>(row.tenant(), secret);
  }

  /// Puts a tenant with a new key that may do everything in it.
  private void put(Tenant tenant, String secret) {
    ApiKey key =
        new ApiKey(
            secrets.id("key_"),
            tenant.id(),
            tenant.name(),
            List.of(new Grant(Scope.ADMIN, null)),
            0,
            book.now(),
            null,
            Usage.NONE);
    book.put(new TenantRow(tenant, key.id()), new KeyRow(key, Secrets.hash(secret)));
  }

  /// Ends a tenant: its keys are gone at once, its data is kept.
  ///
  /// @throws ServiceException NOT_FOUND if there is no such tenant
  public void deactivate(String id) {
    if (!book.deactivate(id)) {
      throw unknown(id);
    }
  }

  private static ServiceException unknown(String id) {
    return new ServiceException(
        ErrorCode.NOT_FOUND, "There is no tenant " + Excerpt.of(id) + ". List them to find it.");
  }
}
