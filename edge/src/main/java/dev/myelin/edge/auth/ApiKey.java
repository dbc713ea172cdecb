package dev.myelin.edge.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The secret that clients show. Keeps its SHA-256 only, and compares hashes in constant time.
public final class ApiKey {
  private static final int MIN_CHARACTERS = 16;
  private static final int MAX_CHARACTERS = 512;

  private final byte[] hash;

  private ApiKey(byte[] hash) {
    this.hash = hash;
  }

  /// A key of a text.
  ///
  /// @throws IllegalArgumentException if it is too short to be a secret, or has characters that no
  ///   header can carry
  public static ApiKey of(String text) {
    if (text.length() < MIN_CHARACTERS || text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "api-key: "
              + text.length()
              + " characters (expected: "
              + MIN_CHARACTERS
              + " to "
              + MAX_CHARACTERS
              + "; `openssl rand -hex 32` makes a good one)");
    }
    if (!text.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw new IllegalArgumentException(
          "api-key: it has a space, a control character or one beyond ASCII (expected: none)");
    }
    return new ApiKey(hash(text));
  }

  /// Whether a client's text is this key. Takes the same time for every text of a length.
  public boolean matches(String text) {
    return MessageDigest.isEqual(hash, hash(text));
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "ApiKey[hidden]";
  }
}
