package dev.myelin.live.access;

import dev.myelin.model.Grant;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key as it may be shown: without its secret.
///
/// @param generation how often its secret was changed
public record ApiKey(
    String id,
    String tenant,
    String name,
    List<Grant> grants,
    int generation,
    Instant createdAt,
    @Nullable Instant expiresAt,
    Usage usage) {
  public ApiKey {
    grants = List.copyOf(grants);
  }

  boolean isAlive(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }

  ApiKey rotated() {
    return new ApiKey(id, tenant, name, grants, generation + 1, createdAt, expiresAt, usage);
  }

  ApiKey with(Usage other) {
    return new ApiKey(id, tenant, name, grants, generation, createdAt, expiresAt, other);
  }
}
