package dev.myelin.live.token;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One-use tickets, for handshakes that cannot carry a header, such as a browser's.
///
/// A ticket has 256 random bits, lives for 30 seconds, opens once, and is found by its hash only.
/// They are kept in memory: a restart ends them. So many may be open, and so many of them for one
/// holder; more are refused. One lock, held for a few map operations. Any thread.
public final class Tickets {
  /// How long a ticket lives.
  public static final Duration LIFETIME = Duration.ofSeconds(30);

  static final int MAX_OPEN = 20_000;
  static final int MAX_PER_HOLDER = 5_000;

  private static final String PREFIX = "tkt_";
  private static final int SECRET_BYTES = 32;
  private static final int MAX_CHARACTERS = 128;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /// By hash, the oldest first, which is also the order in which they expire.
  private final Map<String, Issued> open = new LinkedHashMap<>();

  /// How many of them each holder has.
  private final Map<String, Integer> holders = new HashMap<>();

  private record Issued(Principal principal, Instant expiresAt) {
    String holder() {
      return principal.tenant() + "\n" + principal.keyId();
    }
  }

  public Tickets(InstantSource clock) {
    this.clock = clock;
  }

  /// A ticket for a principal.
  ///
  /// @throws ServiceException OVERLOADED if too many are open
  public Ticket issue(Principal principal) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant();
    Instant expires = now.plus(LIFETIME);
    Issued issued = new Issued(principal, expires);
    synchronized (open) {
      dropExpired(now);
      int its = holders.getOrDefault(issued.holder(), 0);
      if (open.size() >= MAX_OPEN || its >= MAX_PER_HOLDER) {
        throw new ServiceException(
            ErrorCode.OVERLOADED,
            "Too many tickets are open. Use those there are, or wait until they expire.",
            LIFETIME);
      }
      open.put(hash(secret), issued);
      holders.put(issued.holder(), its + 1);
    }
    return new Ticket(secret, expires);
  }

  /// Whom a ticket stands for; empty if it is unknown, was used, or has expired.
  public Optional<Principal> redeem(String secret) {
    if (secret.length() > MAX_CHARACTERS || !secret.startsWith(PREFIX)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Issued issued;
    synchronized (open) {
      issued = open.remove(hash(secret));
      if (issued != null) {
        release(issued);
      }
    }
    return Optional.ofNullable(issued)
        .filter(found -> now.isBefore(found.expiresAt()))
        .map(Issued::principal);
  }

  private void dropExpired(Instant now) {
    Iterator<Issued> oldest = open.values().iterator();
    while (oldest.hasNext()) {
      Issued issued = oldest.next();
      if (now.isBefore(issued.expiresAt())) {
        return;
      }
      oldest.remove();
      release(issued);
    }
  }

  private void release(Issued issued) {
    holders.computeIfPresent(issued.holder(), (_, its) -> its == 1 ? null : its - 1);
  }

  private static String hash(String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
