package dev.myelin.live.token;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Whose tokens are taken.
///
/// @param secret signs tokens with HS256; 32 bytes or more, null for none
/// @param jwks where the public keys of an issuer are (RFC 7517): a file, or an https URL; plain
///   http on this machine only; null for none
/// @param issuer what `iss` has to be, null for anything
/// @param audience what `aud` has to hold, null for anything
public record TokenConfig(
    @Nullable String secret,
    @Nullable String jwks,
    @Nullable String issuer,
    @Nullable String audience) {
  /// No tokens.
  public static final TokenConfig NONE = new TokenConfig(null, null, null, null);

  /// By how much clocks may differ.
  public static final Duration LEEWAY = Duration.ofSeconds(10);

  /// RFC 7518, section 3.2: a key of the size of the hash, or larger.
  public static final int MIN_SECRET_BYTES = 32;

  private static final int MAX_SECRET_BYTES = 4_096;

  public TokenConfig {
    if (secret != null) {
      int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
      if (bytes < MIN_SECRET_BYTES || bytes > MAX_SECRET_BYTES) {
        throw new IllegalArgumentException(
            "auth.jwt.secret: "
                + bytes
                + " bytes (expected: "
                + MIN_SECRET_BYTES
                + " to "
                + MAX_SECRET_BYTES
                + "; `openssl rand -hex 32` makes a good one)");
      }
    }
    if (jwks != null) {
      requireSafe(jwks);
    }
  }

  /// Keys that somebody on the way can change are no keys.
  private static void requireSafe(String jwks) {
    if (!isUrl(jwks) || jwks.startsWith("https://")) {
      return;
    }
    try {
      String host = URI.create(jwks).getHost();
      if (host != null && InetAddress.getByName(host).isLoopbackAddress()) {
        return;
      }
    } catch (IllegalArgumentException | UnknownHostException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "auth.jwt.jwks: " + jwks + " (expected: a file, or an https URL)");
  }

  static boolean isUrl(String jwks) {
    return jwks.startsWith("https://") || jwks.startsWith("http://");
  }

  /// Whether any token is taken.
  public boolean isOn() {
    return secret != null || jwks != null;
  }

  @Override
  public String toString() {
    return "TokenConfig[secret="
        + (secret == null ? "none" : "hidden")
        + ", jwks="
        + jwks
        + ", issuer="
        + issuer
        + ", audience="
        + audience
        + "]";
  }
}
