package dev.myelin.client.library.wire;

import dev.myelin.client.http.JsonBody;
import dev.myelin.client.library.model.LibraryChange;
import dev.myelin.client.library.model.LibraryInfo;
import dev.myelin.client.library.model.LibraryStatistics;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.wire.JsonObject;
import java.time.Instant;
import java.util.Objects;

/// Libraries as JSON.
public final class LibraryForms {
  private LibraryForms() {}

  public static byte[] of(NewLibrary library) {
    return JsonBody.object(json -> {
      JsonBody.put(json, "id", library.id());
      json.writeStringField("name", library.name());
      JsonBody.put(json, "description", library.description());
      if (library.dimension() > 0) {
        json.writeNumberField("dimension", library.dimension());
      }
      JsonBody.put(json, "metadata", library.metadata());
    });
  }

  public static byte[] of(LibraryChange change) {
    return JsonBody.object(json -> {
      JsonBody.put(json, "name", change.name());
      JsonBody.put(json, "description", change.description());
      JsonBody.put(json, "metadata", change.metadata());
    });
  }

  public static LibraryInfo info(JsonObject json) {
    return new LibraryInfo(
        json.text("id"),
        json.text("name"),
        json.textOrNull("description"),
        json.number("num_documents"),
        json.number("num_chunks"),
        (int) json.number("dimension"),
        json.textOrNull("embedding_model"),
        time(json, "created_at"),
        time(json, "updated_at"),
        json.object("metadata").map(),
        json.number("version"));
  }

  public static LibraryStatistics statistics(JsonObject json) {
    return new LibraryStatistics(
        json.text("library_id"),
        json.number("num_documents"),
        json.number("num_chunks"),
        json.number("num_memories"),
        (int) json.number("embedding_dimension"),
        json.number("last_offset"),
        json.number("oldest_offset"));
  }

  /// A time that is always there; the epoch if it is not.
  public static Instant time(JsonObject json, String name) {
    return Objects.requireNonNullElse(json.time(name), Instant.EPOCH);
  }
}
