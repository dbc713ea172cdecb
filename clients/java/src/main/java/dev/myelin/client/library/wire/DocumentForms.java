package dev.myelin.client.library.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.client.http.JsonBody;
import dev.myelin.client.library.model.BatchResult;
import dev.myelin.client.library.model.Content;
import dev.myelin.client.library.model.Document;
import dev.myelin.client.library.model.DocumentChange;
import dev.myelin.client.library.model.DocumentFields;
import dev.myelin.client.library.model.ItemResult;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.model.NewPassage;
import dev.myelin.client.library.model.Passage;
import dev.myelin.client.model.Embedding;
import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Documents as JSON.
public final class DocumentForms {
  /// What all documents have, beside their own metadata.
  private static final Set<String> STANDARD =
      Set.of("title", "author", "created_at", "document_type", "source_url", "tags");

  private DocumentForms() {}

  public static byte[] of(NewDocument document) {
    return JsonBody.object(json -> members(json, document));
  }

  public static void write(JsonGenerator json, NewDocument document) throws IOException {
    json.writeStartObject();
    members(json, document);
    json.writeEndObject();
  }

  private static void members(JsonGenerator json, NewDocument document) throws IOException {
    JsonBody.put(json, "id", document.id());
    fields(json, document.fields());
    content(json, document.content());
    if (document.deferEmbedding()) {
      json.writeBooleanField("defer_embedding", true);
    }
  }

  public static byte[] of(DocumentChange change) {
    return JsonBody.object(json -> {
      fields(json, change.fields());
      if (change.content() != null) {
        content(json, change.content());
      }
    });
  }

  private static void fields(JsonGenerator json, DocumentFields fields) throws IOException {
    JsonBody.put(json, "title", fields.title());
    JsonBody.put(json, "author", fields.author());
    JsonBody.put(json, "document_type", fields.type());
    JsonBody.put(json, "source_url", fields.sourceUrl());
    JsonBody.put(json, "tags", fields.tags());
    JsonBody.put(json, "metadata", fields.metadata());
  }

  private static void content(JsonGenerator json, Content content) throws IOException {
    switch (content) {
      case Content.Text(String text) -> json.writeStringField("text", text);
      case Content.Texts(List<String> texts) -> JsonBody.put(json, "texts", texts);
      case Content.Embedded(List<NewPassage> passages) -> {
        json.writeArrayFieldStart("chunks");
        for (NewPassage passage : passages) {
          json.writeStartObject();
          json.writeStringField("text", passage.text());
          JsonBody.put(json, "embedding", passage.embedding().values());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
    }
  }

  public static Document document(JsonObject json) {
    JsonObject meta = json.object("metadata");
    Map<String, Object> own = new LinkedHashMap<>(meta.map());
    own.keySet().removeAll(STANDARD);
    Instant created = LibraryForms.time(json, "created_at");
    return new Document(
        json.text("id"),
        json.text("library_id"),
        new DocumentFields(
            json.text("title"),
            meta.textOrNull("author"),
            meta.textOrNull("document_type"),
            meta.textOrNull("source_url"),
            meta.texts("tags"),
            own),
        json.text("text"),
        (int) json.number("num_chunks"),
        json.objects("chunks").stream().map(DocumentForms::passage).toList(),
        new Document.Times(created, LibraryForms.time(json, "updated_at")),
        json.number("version"));
  }

  static Passage passage(JsonObject json) {
    JsonObject meta = json.object("metadata");
    return new Passage(
        json.text("id"),
        json.text("text"),
        meta.has("chunk_index") ? (int) meta.number("chunk_index") : -1,
        meta.has("start") ? (int) meta.number("start") : -1,
        Embedding.of(json.floats("embedding")),
        LibraryForms.time(meta, "created_at"));
  }

  /// The results of a batch.
  public static BatchResult results(JsonObject json) {
    List<ItemResult> results = new ArrayList<>();
    for (JsonObject each : json.objects("results")) {
      results.add(result(results.size(), each));
    }
    return new BatchResult(results);
  }

  /// What became of one of many.
  public static ItemResult result(long number, JsonObject json) {
    String error = json.textOrNull("error");
    return new ItemResult(
        number,
        json.textOrNull("document_id"),
        json.flag("success") ? null : error == null ? "It was refused." : error);
  }
}
