package dev.myelin.live.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who has libraries of its own, and keys for them.
///
/// @param id also the tenant of its spaces' ids
/// @param metadata a JSON object, as it was given
/// @param active false once it was deactivated: then its keys are dead, and its data is kept
/// @param expiresAt when all its keys die
/// @param usage of all its keys, also of those that are gone
public record Tenant(
    String id,
    String name,
    @Nullable String metadata,
    Instant createdAt,
    @Nullable Instant expiresAt,
    boolean active,
    Usage usage) {

  public boolean isAlive(Instant now) {
    return active && (expiresAt == null || now.isBefore(expiresAt));
  }

  Tenant deactivated() {
    return new Tenant(id, name, metadata, createdAt, expiresAt, false, usage);
  }

  Tenant with(Usage other) {
    return new Tenant(id, name, metadata, createdAt, expiresAt, active, other);
  }
}
