package dev.myelin.library.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Proves to a target who sends and that nobody changed anything: HMAC-SHA256 (RFC 2104) with the
/// whole text of the secret as key.
final class Signatures {
  private static final String ALGORITHM = "HmacSHA256";

  private Signatures() {}

  /// `sha256=` and the HMAC of the body in hexadecimal digits.
  static String plain(String secret, byte[] body) {
    return "sha256=" + HexFormat.of().formatHex(mac(secret).doFinal(body));
  }

  /// `t=` and the seconds since 1970, `v1=` and the HMAC of those seconds, a dot and the body: a
  /// receiver that refuses old times cannot be fooled by a request that is sent again.
  static String timed(String secret, Instant now, byte[] body) {
    long seconds = now.getEpochSecond();
    Mac mac = mac(secret);
    mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
    return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
  }

  private static Mac mac(String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }
}
