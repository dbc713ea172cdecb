package dev.myelin.live.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Makes ids and secrets, and the hashes that are kept of secrets.
///
/// A secret has 256 random bits, so nobody can try all that give a hash: one round of SHA-256 is as
/// good here as the slow hashes that passwords need, and cheap enough for every request.
final class Secrets {
  static final String PREFIX = "myl_";

  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 8;

  private final SecureRandom random = new SecureRandom();

  String secret() {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
  }

  /// An id of 16 hexadecimal digits behind a prefix.
  String id(String prefix) {
    return prefix + HexFormat.of().formatHex(bytes(ID_BYTES));
  }

  private byte[] bytes(int number) {
    byte[] bytes = new byte[number];
    random.nextBytes(bytes);
    return bytes;
  }

  /// SHA-256 of a secret, in hexadecimal digits.
  static String hash(String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /// Whether two hashes are the same; takes the same time wherever they differ.
  static boolean same(String hash, String other) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
