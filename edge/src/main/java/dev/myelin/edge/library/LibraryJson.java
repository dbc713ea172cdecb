package dev.myelin.edge.library;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.Passage;
import dev.myelin.library.model.LibraryInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Libraries and documents as JSON.
public final class LibraryJson {
  private LibraryJson() {}

  static void library(JsonGenerator json, LibraryInfo library) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", library.id().name());
    json.writeStringField("name", library.name());
    json.writeStringField("description", library.description());
    json.writeNumberField("num_documents", library.documents());
    json.writeNumberField("num_chunks", library.passages());
    dimension(json, "dimension", library.dimension());
    json.writeStringField("index_type", library.indexType());
    json.writeStringField("embedding_model", library.embeddingModel());
    time(json, "created_at", library.createdAt());
    time(json, "updated_at", library.updatedAt());
    json.writeFieldName("metadata");
    JsonText.value(json, library.metadata());
    json.writeNumberField("version", library.version());
    json.writeEndObject();
  }

  /// Null until the first embedding fixes it.
  static void dimension(JsonGenerator json, String name, int dimension) throws IOException {
    if (dimension == 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, dimension);
    }
  }

  public static void time(JsonGenerator json, String name, Instant time) throws IOException {
    json.writeStringField(name, time.toString());
  }

  static void document(JsonGenerator json, DocumentInfo document) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", document.id());
    json.writeStringField("library_id", document.library().name());
    json.writeStringField("title", document.meta().title());
    if (!document.passages().isEmpty()) {
      json.writeStringField("text", textOf(document.passages()));
    }
    json.writeNumberField("num_chunks", document.passageCount());
    json.writeArrayFieldStart("chunks");
    for (Passage passage : document.passages()) {
      chunk(json, passage, document.id());
    }
    json.writeEndArray();
    json.writeFieldName("metadata");
    metadata(json, document);
    json.writeNumberField("version", document.version());
    time(json, "created_at", document.createdAt());
    time(json, "updated_at", document.updatedAt());
    json.writeEndObject();
  }

  /// The passages as one text again: what two of them share is there once.
  public static String textOf(List<Passage> passages) {
    StringBuilder text = new StringBuilder();
    int end = 0;
    for (Passage passage : passages) {
      int shared = Math.max(0, end - passage.start());
      if (passage.start() > end && !text.isEmpty()) {
        text.append('\n');
      }
      if (shared < passage.text().length()) {
        text.append(passage.text(), shared, passage.text().length());
      }
      end = Math.max(end, passage.start() + passage.text().length());
    }
    return text.toString();
  }

  /// What is said about a document, its own fields beside those that all documents have.
  public static void metadata(JsonGenerator json, DocumentInfo document) throws IOException {
    DocumentMeta meta = document.meta();
    json.writeStartObject();
    json.writeStringField("title", meta.title());
    json.writeStringField("author", meta.author());
    time(json, "created_at", document.createdAt());
    json.writeStringField("document_type", meta.documentType());
    json.writeStringField("source_url", meta.sourceUrl());
    json.writeFieldName("tags");
    JsonText.value(json, meta.tags());
    for (Map.Entry<String, @Nullable Object> own : meta.metadata().entrySet()) {
      if (!DocumentReader.STANDARD.contains(own.getKey())) {
        json.writeFieldName(own.getKey());
        JsonText.value(json, own.getValue());
      }
    }
    json.writeEndObject();
  }

  /// A passage by itself.
  ///
  /// @param documentId null for a streamed memory
  public static void chunk(JsonGenerator json, Passage passage, @Nullable String documentId)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", passage.id());
    json.writeStringField("text", passage.text());
    if (passage.embedding() != null) {
      json.writeFieldName("embedding");
      JsonText.floats(json, passage.embedding().values());
    }
    json.writeObjectFieldStart("metadata");
    chunkMetadata(json, passage, documentId);
    json.writeEndObject();
    json.writeEndObject();
  }

  static void chunkMetadata(JsonGenerator json, Passage passage, @Nullable String documentId)
      throws IOException {
    time(json, "created_at", passage.createdAt());
    json.writeNullField("page_number");
    if (documentId == null) {
      json.writeNullField("chunk_index");
      json.writeNullField("start");
      json.writeNullField("source_document_id");
    } else {
      json.writeNumberField("chunk_index", passage.index());
      json.writeNumberField("start", passage.start());
      json.writeStringField("source_document_id", documentId);
    }
  }
}
