package dev.myelin.live.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A tenant to be made.
///
/// @param metadata a JSON object of at most 16 384 characters
/// @param lifetime when it ends, null for never
public record NewTenant(String name, @Nullable String metadata, @Nullable Duration lifetime) {
  private static final int MAX_METADATA = 16_384;

  /// @throws dev.myelin.model.ServiceException INVALID_REQUEST names what is wrong
  public NewTenant {
    Checks.name(name);
    Checks.that(
        metadata == null || metadata.length() <= MAX_METADATA,
        "metadata: too long (expected: at most " + MAX_METADATA + " characters of JSON).");
    Checks.lifetime(lifetime);
  }
}
