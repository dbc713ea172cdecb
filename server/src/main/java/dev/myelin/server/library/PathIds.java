package dev.myelin.server.library;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Ids of documents that a path always leads to.
final class PathIds {
  private static final int MAX_ID = 128;
  private static final int HASH_BYTES = 8;

  private PathIds() {}

  /// The path with colons between its parts. Where it is too long for an id, or has characters that
  /// an id cannot have, a hash stands at its end, so that no two paths have the same.
  static String of(Path path) {
    String whole = path.normalize().toString().replace('\\', '/');
    String plain = whole.startsWith("/") ? whole.substring(1) : whole;
    String id = plain.replace('/', ':').replaceAll("[^A-Za-z0-9_.:-]", "-");
    if (id.equals(whole.replace('/', ':')) && !whole.contains(":") && id.length() <= MAX_ID) {
      return id;
    }
    String end = "-" + hash(whole);
    return id.substring(0, Math.min(id.length(), MAX_ID - end.length())) + end;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
