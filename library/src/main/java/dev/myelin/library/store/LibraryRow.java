package dev.myelin.library.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a library says of itself, as JSON. A space made by streaming has none.
public record LibraryRow(
    String name,
    @Nullable String description,
    Map<String, @Nullable Object> metadata,
    String indexType,
    @Nullable String embeddingModel,
    Instant createdAt,
    Instant updatedAt,
    long version) {

  public byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("name", name);
    json.put("description", description);
    json.put("metadata", metadata);
    json.put("index_type", indexType);
    json.put("embedding_model", embeddingModel);
    json.put("created_at", createdAt.toEpochMilli());
    json.put("updated_at", updatedAt.toEpochMilli());
    json.put("version", version);
    return Json.write(json);
  }

  public static LibraryRow decode(byte[] bytes) {
    Fields fields = Fields.read(bytes);
    return new LibraryRow(
        fields.text("name"),
        fields.textOrNull("description"),
        fields.object("metadata"),
        fields.text("index_type"),
        fields.textOrNull("embedding_model"),
        fields.time("created_at"),
        fields.time("updated_at"),
        fields.number("version"));
  }
}
