package dev.myelin.live.token;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Table;
import dev.myelin.live.access.BlockingChange;
import dev.myelin.live.token.Revocation.Kind;
import dev.myelin.live.token.Revocation.Wanted;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Principal;
import dev.myelin.model.Principal.Proof;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The tokens that are not taken any more: in memory for those who ask, in the journal for good.
///
/// **Changes** hold this object's lock from reading to writing, block until they are durable, are
/// then seen, and then told to listeners. **Asking** takes two looks into a map and no lock. Any
/// thread.
public final class Revocations {
  static final Table TABLE = new Table("revoked-token");

  /// More are refused; so many keep a restart short.
  static final int MAX_ENTRIES = 100_000;

  /// So that one tenant cannot use up what is there for all.
  static final int MAX_PER_TENANT = 10_000;

  private static final int ROWS_AT_ONCE = 256;
  private static final int ID_BYTES = 8;

  private final Journal journal;
  private final InstantSource clock;
  private final Map<Target, Revocation> all = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Consumer<Predicate<Principal>>> listeners =
      new CopyOnWriteArrayList<>();
  private final SecureRandom random = new SecureRandom();

  /// What an entry is for.
  private record Target(String tenant, Kind kind, String value) {
    static Target of(Revocation revocation) {
      return new Target(revocation.tenant(), revocation.kind(), revocation.value());
    }
  }

  private Revocations(Journal journal, InstantSource clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /// Reads what a journal knows.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if a row cannot be read
  static Revocations open(Journal journal, InstantSource clock) {
    Revocations revocations = new Revocations(journal, clock);
    journal.scan(
        TABLE,
        new byte[0],
        (_, value) -> {
          Revocation revocation = RevocationRow.decode(value);
          revocations.all.put(Target.of(revocation), revocation);
          return true;
        });
    return revocations;
  }

  /// Revokes a token, or all tokens that a user has now. Said again, it is said anew: the entry
  /// keeps its id, begins now, and never ends sooner than it would have.
  ///
  /// @throws ServiceException CONFLICT if there are as many entries as there may be
  public Revocation revoke(Wanted wanted) {
    Revocation made;
    synchronized (this) {
      Instant now = clock.instant();
      Target target = new Target(wanted.tenant(), wanted.kind(), wanted.value());
      @Nullable Revocation before = all.get(target);
      if (before == null) {
        requireRoom(wanted.tenant());
      }
      Instant until =
          before != null && before.until().isAfter(wanted.until())
              ? before.until()
              : wanted.until();
      made =
          new Revocation(
              before == null ? newId() : before.id(),
              wanted.tenant(),
              wanted.kind(),
              wanted.value(),
              now,
              until,
              wanted.by());
      write(batch -> batch.put(TABLE, bytes(made.id()), RevocationRow.encode(made)));
      all.put(target, made);
    }
    listeners.forEach(listener -> listener.accept(principal -> concerns(made, principal)));
    return made;
  }

  private void requireRoom(String tenant) {
    if (all.size() < MAX_PER_TENANT) {
      return;
    }
    sweep();
    long its = all.keySet().stream().filter(target -> target.tenant().equals(tenant)).count();
    if (all.size() >= MAX_ENTRIES || its >= MAX_PER_TENANT) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "There are as many revocations as there may be. Delete some, or revoke by user.");
    }
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return "rev_" + HexFormat.of().formatHex(bytes);
  }

  /// The entries of a tenant that have not ended, the newest first.
  public List<Revocation> list(String tenant) {
    Instant now = clock.instant();
    return all.values().stream()
        .filter(revocation -> revocation.tenant().equals(tenant))
        .filter(revocation -> now.isBefore(revocation.until()))
        .sorted(Comparator.comparing(Revocation::at).reversed().thenComparing(Revocation::id))
        .toList();
  }

  /// Takes an entry back: tokens that it was for are taken again if they have not expired.
  ///
  /// @throws ServiceException NOT_FOUND if the tenant has no such entry
  public synchronized void delete(String tenant, String id) {
    Revocation found =
        list(tenant).stream()
            .filter(revocation -> revocation.id().equals(id))
            .findFirst()
            .orElseThrow(() ->
                new ServiceException(
                    ErrorCode.NOT_FOUND,
                    "There is no revocation " + Excerpt.of(id) + ". List them to find it."));
    write(batch -> batch.delete(TABLE, bytes(id)));
    all.remove(Target.of(found));
  }

  /// Whether the token that a principal showed was revoked; false if it showed none.
  public boolean isRevoked(Principal principal) {
    if (!(principal.proof() instanceof Proof.Token token)) {
      return false;
    }
    @Nullable Revocation user =
        all.get(new Target(principal.tenant(), Kind.SUBJECT, principal.subject()));
    if (user != null && concerns(user, principal)) {
      return true;
    }
    @Nullable Revocation one =
        token.id() == null ? null : all.get(new Target(principal.tenant(), Kind.TOKEN, token.id()));
    return one != null && concerns(one, principal);
  }

  private boolean concerns(Revocation revocation, Principal principal) {
    if (!(principal.proof() instanceof Proof.Token token)
        || !revocation.tenant().equals(principal.tenant())
        || !clock.instant().isBefore(revocation.until())) {
      return false;
    }
    return switch (revocation.kind()) {
      case TOKEN -> revocation.value().equals(token.id());
      case SUBJECT ->
          revocation.value().equals(principal.subject())
              && !token.issuedAt().isAfter(revocation.at());
    };
  }

  /// Tells a listener whom each revocation from now on is for, once it is durable. The listener
  /// must be quick.
  ///
  /// @return closes the subscription
  public Journal.Subscription whenRevoked(Consumer<Predicate<Principal>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /// Forgets entries that have ended. Blocks on the journal if there are any.
  ///
  /// @throws ServiceException as the journal refuses it: they stay until the next time
  public synchronized void sweep() {
    Instant now = clock.instant();
    List<Revocation> ended =
        all.values().stream().filter(revocation -> !now.isBefore(revocation.until())).toList();
    for (int from = 0; from < ended.size(); from += ROWS_AT_ONCE) {
      List<Revocation> some = ended.subList(from, Math.min(from + ROWS_AT_ONCE, ended.size()));
      write(batch -> some.forEach(revocation -> batch.delete(TABLE, bytes(revocation.id()))));
      some.forEach(revocation -> all.remove(Target.of(revocation)));
    }
  }

  private void write(Consumer<Batch> change) {
    BlockingChange.submit(journal, change);
  }

  private static byte[] bytes(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }
}
