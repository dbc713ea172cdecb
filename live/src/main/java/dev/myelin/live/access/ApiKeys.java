package dev.myelin.live.access;

import dev.myelin.journal.Journal;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The keys that were made, and who they stand for.
///
/// What changes something blocks until it is durable; the rest takes no lock and no disk. Any
/// thread.
public final class ApiKeys {
  private static final int MAX_KEYS = 100_000;
  private static final int MAX_SECRET = 512;

  private final AccessBook book;
  private final Secrets secrets = new Secrets();

  ApiKeys(AccessBook book) {
    this.book = book;
  }

  /// Whether no key was ever made, or all are gone.
  public boolean isEmpty() {
    return book.keyIds().isEmpty();
  }

  /// Who shows a secret, and counts the use; empty if no key that lives has it.
  public Optional<Principal> authenticate(String secret) {
    if (!secret.startsWith(Secrets.PREFIX) || secret.length() > MAX_SECRET) {
      return Optional.empty();
    }
    String hash = Secrets.hash(secret);
    Optional<ApiKey> key =
        book.byHash(hash)
            .filter(row -> Secrets.same(row.hash(), hash))
            .map(KeyRow::key)
            .filter(book::isAlive);
    key.ifPresent(book::count);
    return key.map(ApiKeys::principal);
  }

  private static Principal principal(ApiKey key) {
    return new Principal(key.tenant(), key.id(), key.generation(), key.name(), key.grants());
  }

  /// Whether the secret of a key that a principal showed still opens anything; true if it showed
  /// none.
  public boolean isAlive(Principal principal) {
    return !(principal.proof() instanceof Principal.Proof.Key(String id, int generation))
        || book.key(id)
            .map(KeyRow::key)
            .filter(key -> key.generation() == generation && book.isAlive(key))
            .isPresent();
  }

  /// Tells a listener the id of each key whose secret dies by being revoked, rotated or with its
  /// tenant, when it is dead. Of those that expire nobody is told. The listener must be quick.
  ///
  /// @return closes the subscription
  public Journal.Subscription whenSecretDies(Consumer<String> listener) {
    return book.whenSecretDies(listener);
  }

  /// Makes a key.
  ///
  /// @throws ServiceException NOT_FOUND if there is no such tenant, CONFLICT if it has ended or
  ///   there are as many keys as there may be
  public Issued<ApiKey> create(NewKey wanted) {
    return book.alone(() -> make(wanted));
  }

  private Issued<ApiKey> make(NewKey wanted) {
    Instant now = book.now();
    checkTenant(wanted.tenant(), now);
    if (book.keyIds().size() >= MAX_KEYS) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "There are " + MAX_KEYS + " keys, as many as there may be. Revoke some first.");
    }
    String secret = secrets.secret();
    ApiKey key =
        new ApiKey(
            secrets.id("key_"),
            wanted.tenant(),
            wanted.name(),
            wanted.grants(),
            0,
            now,
            wanted.lifetime() == null ? null : now.plus(wanted.lifetime()),
            Usage.NONE);
    book.add(new KeyRow(key, Secrets.hash(secret)));
    return new Issued<>(key, secret);
  }

  private void checkTenant(String id, Instant now) {
    if (id.equals(SpaceId.DEFAULT_TENANT)) {
      return;
    }
    Tenant tenant =
        book.tenant(id)
            .map(TenantRow::tenant)
            .orElseThrow(() ->
                new ServiceException(
                    ErrorCode.NOT_FOUND,
                    "There is no tenant " + Excerpt.of(id) + ". List them to find it."));
    if (!tenant.isAlive(now)) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "Tenant " + Excerpt.of(id) + " was deactivated or has expired: it gets no keys.");
    }
  }

  /// The keys of a tenant, the oldest first; also expired ones.
  public List<ApiKey> list(String tenant) {
    return list(key -> key.tenant().equals(tenant));
  }

  /// All keys, the oldest first; also expired ones.
  public List<ApiKey> list() {
    return list(_ -> true);
  }

  private List<ApiKey> list(Predicate<ApiKey> which) {
    return book.keyIds().stream()
        .map(book::key)
        .flatMap(Optional::stream)
        .map(KeyRow::key)
        .filter(which)
        .sorted(Comparator.comparing(ApiKey::createdAt).thenComparing(ApiKey::id))
        .toList();
  }

  /// Gives a key another secret; the old one is dead at once.
  ///
  /// @param which those that the caller may change: to it, there are no others
  /// @throws ServiceException NOT_FOUND if there is no such key
  public Issued<ApiKey> rotate(String id, Predicate<ApiKey> which) {
    String secret = secrets.secret();
    return book.rotate(id, Secrets.hash(secret), which)
        .map(key -> new Issued<>(key, secret))
        .orElseThrow(() -> unknown(id));
  }

  /// Removes a key; it is dead at once.
  ///
  /// @param which those that the caller may change: to it, there are no others
  /// @throws ServiceException NOT_FOUND if there is no such key
  public void revoke(String id, Predicate<ApiKey> which) {
    if (!book.remove(id, which)) {
      throw unknown(id);
    }
  }

  private static ServiceException unknown(String id) {
    return new ServiceException(
        ErrorCode.NOT_FOUND, "There is no key " + Excerpt.of(id) + ". List them to find it.");
  }
}
