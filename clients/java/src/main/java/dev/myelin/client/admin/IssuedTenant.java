package dev.myelin.client.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A tenant that was made, with its first key.
///
/// @param apiKey told this once only: the server keeps no more than its hash
/// @param expiresAt null for never
public record IssuedTenant(String id, String name, String apiKey, @Nullable Instant expiresAt) {
  @Override
  public String toString() {
    return "IssuedTenant[" + id + ", " + name + ", with its API key]";
  }
}
