package dev.myelin.client.admin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of an API key; never the key itself.
///
/// @param scopes `read`, `write` or `admin`, for all libraries or, as `read:LIBRARY`, for one
/// @param expiresAt null for never
/// @param lastUsedAt null for not yet
public record ApiKey(
    String id,
    String tenantId,
    String name,
    List<String> scopes,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {
  public ApiKey {
    scopes = List.copyOf(scopes);
  }
}
