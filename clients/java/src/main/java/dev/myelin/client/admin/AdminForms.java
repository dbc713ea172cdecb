package dev.myelin.client.admin;

import dev.myelin.client.http.JsonBody;
import dev.myelin.client.wire.JsonObject;
import java.time.Instant;
import java.util.Objects;

/// Tenants and keys as JSON.
final class AdminForms {
  private AdminForms() {}

  static byte[] of(NewTenant tenant) {
    return JsonBody.object(json -> {
      json.writeStringField("name", tenant.name());
      JsonBody.put(json, "metadata", tenant.metadata().isEmpty() ? null : tenant.metadata());
      JsonBody.put(json, "expires_in_days", tenant.expiresInDays());
    });
  }

  static byte[] of(NewKey key) {
    return JsonBody.object(json -> {
      JsonBody.put(json, "tenant_id", key.tenantId());
      json.writeStringField("name", key.name());
      JsonBody.put(json, "scopes", key.scopes());
      JsonBody.put(json, "expires_in_days", key.expiresInDays());
    });
  }

  private static Instant time(JsonObject json, String name) {
    return Objects.requireNonNullElse(json.time(name), Instant.EPOCH);
  }

  static Tenant tenant(JsonObject json) {
    return new Tenant(
        json.text("tenant_id"),
        json.text("name"),
        time(json, "created_at"),
        json.flag("is_active"),
        json.time("expires_at"),
        json.time("last_used_at"),
        json.number("request_count"),
        json.object("metadata").map());
  }

  static IssuedTenant issuedTenant(JsonObject json) {
    return new IssuedTenant(
        json.text("tenant_id"), json.text("name"), json.text("api_key"), json.time("expires_at"));
  }

  static ApiKey key(JsonObject json) {
    return new ApiKey(
        json.text("key_id"),
        json.text("tenant_id"),
        json.text("name"),
        json.texts("scopes"),
        time(json, "created_at"),
        json.time("expires_at"),
        json.time("last_used_at"));
  }

  static IssuedKey issuedKey(JsonObject json) {
    return new IssuedKey(key(json), json.text("api_key"));
  }
}
