package dev.myelin.model;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Names one memory inside its space: what the client chose, or a UUID made by the server.
///
/// 1 to 512 bytes of UTF-8, any characters but control characters.
public record MemoryId(String value) {
  public static final int MAX_BYTES = 512;

  public MemoryId {
    if (value.isEmpty() || tooLong(value) || value.chars().anyMatch(Character::isISOControl)) {
      throw new ServiceException(
          ErrorCode.INVALID_EPISODE,
          "Invalid episode id: "
              + Excerpt.of(value)
              + " (expected: 1 to "
              + MAX_BYTES
              + " bytes of UTF-8 without control characters)."
              + " Shorten the id, or leave it out and the server makes one.");
    }
  }

  private static boolean tooLong(String value) {
    return value.length() > MAX_BYTES
        || (value.length() > MAX_BYTES / 3
            && value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES);
  }

  /// A new id that no other memory has.
  public static MemoryId random() {
    return new MemoryId(UUID.randomUUID().toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
