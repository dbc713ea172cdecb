package dev.myelin.edge.admin;

import dev.myelin.edge.rest.RestException;
import dev.myelin.live.access.NewKey;
import dev.myelin.live.access.NewTenant;
import dev.myelin.model.Grant;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request asks for, read from its JSON.
final class AdminBody {
  private static final int MAX_NAME = 255;
  private static final int MAX_METADATA = 16_384;
  private static final int MAX_GRANTS = 256;
  private static final int MAX_DAYS = 36_500;

  private final JsonObject json;

  private AdminBody(JsonObject json) {
    this.json = json;
  }

  /// @throws RestException if it is no JSON object
  static AdminBody parse(Buffer bytes) {
    try {
      if (Json.decodeValue(bytes) instanceof JsonObject object) {
        return new AdminBody(object);
      }
    } catch (DecodeException _) {
      // Said below.
    }
    throw RestException.malformed("The body cannot be read (expected: one JSON object).");
  }

  /// @throws RestException names the field that is wrong
  NewTenant tenant() {
    return new NewTenant(name(), metadata(), lifetime());
  }

  /// @throws RestException names the field that is wrong
  NewKey key(Principal principal) {
    String tenant = json.getValue("tenant_id") == null ? principal.tenant() : text("tenant_id");
    return new NewKey(tenant, name(), grants(), lifetime());
  }

  private String name() {
    String name = text("name");
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw invalid("name", "1 to " + MAX_NAME + " characters, not all blank");
    }
    return name;
  }

  private String text(String field) {
    if (json.getValue(field) instanceof String text) {
      return text;
    }
    throw invalid(field, "a text");
  }

  private @Nullable String metadata() {
    Object metadata = json.getValue("metadata");
    if (metadata == null) {
      return null;
    }
    if (metadata instanceof JsonObject object && object.encode().length() <= MAX_METADATA) {
      return object.encode();
    }
    throw invalid("metadata", "an object of at most " + MAX_METADATA + " characters");
  }

  private @Nullable Duration lifetime() {
    Object days = json.getValue("expires_in_days");
    if (days == null) {
      return null;
    }
    if (days instanceof Integer number && number >= 1 && number <= MAX_DAYS) {
      return Duration.ofDays(number);
    }
    throw invalid("expires_in_days", "a whole number from 1 to " + MAX_DAYS);
  }

  private List<Grant> grants() {
    if (!(json.getValue("scopes") instanceof JsonArray scopes)
        || scopes.isEmpty()
        || scopes.size() > MAX_GRANTS) {
      throw invalid("scopes", "a list of 1 to " + MAX_GRANTS + " scopes");
    }
    List<Grant> grants = new ArrayList<>(scopes.size());
    for (int i = 0; i < scopes.size(); i++) {
      grants.add(grant(scopes.getValue(i), "scopes[" + i + "]"));
    }
    return grants;
  }

  private static Grant grant(@Nullable Object scope, String field) {
    try {
      if (scope instanceof String text) {
        return Grant.parse(text);
      }
    } catch (ServiceException _) {
      // Said below.
    }
    throw invalid(field, "read, write or admin, or one of them for a library: read:LIBRARY");
  }

  private static RestException invalid(String field, String expected) {
    return RestException.invalid(field, "wrong or missing (expected: " + expected + ").");
  }
}
