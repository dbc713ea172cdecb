package dev.myelin.client.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tenant that is to be made. Immutable.
///
/// @param name 1 to 255 characters
/// @param expiresInDays 1 or more; null for never
public record NewTenant(
    String name, Map<String, Object> metadata, @Nullable Integer expiresInDays) {
  public NewTenant {
    metadata = Map.copyOf(metadata);
  }

  public static NewTenant named(String name) {
    return new NewTenant(name, Map.of(), null);
  }

  public NewTenant expiringInDays(int days) {
    return new NewTenant(name, metadata, days);
  }
}
