package dev.myelin.client.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key that is to be made. Immutable.
///
/// @param tenantId null for the tenant whose key asks
/// @param name 1 to 255 characters
/// @param scopes `read`, `write` or `admin`, for all libraries or, as `read:LIBRARY`, for one; each
///   holds those before it
/// @param expiresInDays 1 or more; null for never
public record NewKey(
    @Nullable String tenantId, String name, List<String> scopes, @Nullable Integer expiresInDays) {
  public NewKey {
    scopes = List.copyOf(scopes);
  }

  public static NewKey named(String name, String... scopes) {
    return new NewKey(null, name, List.of(scopes), null);
  }

  public NewKey ofTenant(String id) {
    return new NewKey(id, name, scopes, expiresInDays);
  }

  public NewKey expiringInDays(int days) {
    return new NewKey(tenantId, name, scopes, days);
  }
}
