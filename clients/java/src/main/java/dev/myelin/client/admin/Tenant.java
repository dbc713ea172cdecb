package dev.myelin.client.admin;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tenant: sees its own libraries, spaces and keys, and no others.
///
/// @param active whether its keys open anything
/// @param expiresAt null for never
/// @param lastUsedAt null for not yet
/// @param requests how many were made with its keys
public record Tenant(
    String id,
    String name,
    Instant createdAt,
    boolean active,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    long requests,
    Map<String, Object> metadata) {}
