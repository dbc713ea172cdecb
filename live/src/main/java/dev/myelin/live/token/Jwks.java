package dev.myelin.live.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import dev.myelin.live.token.TokenException.Reason;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys of an issuer, who changes them now and then (RFC 7517).
///
/// They are read at a steady pace, and at once, though not more often than the source allows, when
/// a token names a key that is not known; always in the background and one reading at a time. While
/// the source fails, the last keys stay. Any thread; never blocks.
final class Jwks {
  private static final Logger LOG = LoggerFactory.getLogger(Jwks.class);
  private static final int MAX_KEYS = 100;

  private final JwksSource source;
  private final InstantSource clock;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile @Nullable List<TokenKey> keys;
  private volatile Instant begun = Instant.MIN;
  private volatile boolean failing;

  Jwks(JwksSource source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /// Reads the keys in the background if it is time to; to be called about once a second.
  void tick() {
    if (isOlderThan(source.pace())) {
      begin();
    }
  }

  /// The keys that may have signed a token.
  ///
  /// @throws TokenException UNAVAILABLE if none is known and the keys are being read now, INVALID
  ///   if none is known
  List<TokenKey> find(JWSAlgorithm algorithm, @Nullable String id) throws TokenException {
    List<TokenKey> known = keys;
    if (known != null) {
      List<TokenKey> found = known.stream().filter(key -> key.fits(algorithm, id)).toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    if (isOlderThan(source.hurry())) {
      begin();
    }
    if (known == null || reading.get()) {
      throw new TokenException(
          Reason.UNAVAILABLE, "The keys of the token's issuer are being read. Try again.");
    }
    throw TokenException.invalid("No key of the issuer fits the token's algorithm and key id.");
  }

  private boolean isOlderThan(Duration age) {
    Instant last = begun;
    return last.equals(Instant.MIN) || !clock.instant().isBefore(last.plus(age));
  }

  private void begin() {
    if (reading.compareAndSet(false, true)) {
      begun = clock.instant();
      Thread.ofVirtual().name("jwks").start(this::read);
    }
  }

  private void read() {
    try {
      keys = parse(source.read());
      failing = false;
    } catch (IOException | ParseException e) {
      if (!failing) { // once, until it works again
        LOG.atWarn()
            .addKeyValue("source", source)
            .addKeyValue("why", String.valueOf(e.getMessage()))
            .log("the keys of the tokens' issuer cannot be read; the last ones stay");
      }
      failing = true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      reading.set(false);
    }
  }

  private static List<TokenKey> parse(String text) throws ParseException {
    JWKSet all = JWKSet.parse(text);
    if (all.size() > MAX_KEYS) {
      throw new ParseException("it has more than " + MAX_KEYS + " keys", 0);
    }
    return all.getKeys().stream().map(TokenKey::of).flatMap(Optional::stream).toList();
  }
}
