package dev.myelin.edge.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.live.access.ApiKey;
import dev.myelin.live.access.Issued;
import dev.myelin.live.access.Tenant;
import dev.myelin.model.Grant;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tenants and keys as JSON. What is not there is null, never left out.
final class AdminForms {
  private AdminForms() {}

  static void tenant(JsonGenerator json, Tenant tenant) throws IOException {
    json.writeStartObject();
    json.writeStringField("tenant_id", tenant.id());
    json.writeStringField("name", tenant.name());
    json.writeStringField("created_at", tenant.createdAt().toString());
    json.writeBooleanField("is_active", tenant.active());
    time(json, "expires_at", tenant.expiresAt());
    time(json, "last_used_at", tenant.usage().lastUsedAt());
    json.writeNumberField("request_count", tenant.usage().requests());
    metadata(json, tenant);
    json.writeEndObject();
  }

  static void tenants(JsonGenerator json, List<Tenant> tenants) throws IOException {
    json.writeStartArray();
    for (Tenant tenant : tenants) {
      tenant(json, tenant);
    }
    json.writeEndArray();
  }

  static void created(JsonGenerator json, Issued<Tenant> made) throws IOException {
    Tenant tenant = made.issued();
    json.writeStartObject();
    json.writeStringField("tenant_id", tenant.id());
    json.writeStringField("name", tenant.name());
    json.writeStringField("api_key", made.secret());
    json.writeStringField("created_at", tenant.createdAt().toString());
    time(json, "expires_at", tenant.expiresAt());
    metadata(json, tenant);
    json.writeEndObject();
  }

  static void rotated(JsonGenerator json, Issued<Tenant> rotated, Instant at) throws IOException {
    json.writeStartObject();
    json.writeStringField("tenant_id", rotated.issued().id());
    json.writeStringField("new_api_key", rotated.secret());
    json.writeStringField("rotated_at", at.toString());
    json.writeEndObject();
  }

  static void keys(JsonGenerator json, List<ApiKey> keys) throws IOException {
    json.writeStartArray();
    for (ApiKey key : keys) {
      json.writeStartObject();
      fields(json, key);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void issued(JsonGenerator json, Issued<ApiKey> issued) throws IOException {
    json.writeStartObject();
    fields(json, issued.issued());
    json.writeStringField("api_key", issued.secret());
    json.writeEndObject();
  }

  private static void fields(JsonGenerator json, ApiKey key) throws IOException {
    json.writeStringField("key_id", key.id());
    json.writeStringField("tenant_id", key.tenant());
    json.writeStringField("name", key.name());
    json.writeArrayFieldStart("scopes");
    for (Grant grant : key.grants()) {
      json.writeString(grant.toString());
    }
    json.writeEndArray();
    json.writeStringField("created_at", key.createdAt().toString());
    time(json, "expires_at", key.expiresAt());
    time(json, "last_used_at", key.usage().lastUsedAt());
    json.writeNumberField("request_count", key.usage().requests());
  }

  private static void metadata(JsonGenerator json, Tenant tenant) throws IOException {
    json.writeFieldName("metadata");
    json.writeRawValue(tenant.metadata() == null ? "null" : tenant.metadata());
  }

  private static void time(JsonGenerator json, String name, @Nullable Instant time)
      throws IOException {
    json.writeStringField(name, time == null ? null : time.toString());
  }
}
