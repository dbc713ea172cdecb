package dev.myelin.library.job.work;

import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.Passage;
import dev.myelin.library.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The form of an exported file: one document after the other, each with the members of the JSON
/// that adds it again.
///
/// @param name `ndjson` for a line each, `json` for one array, `csv` for a table
/// @param embeddings whether passages come with theirs
record ExportForm(String name, boolean embeddings) {
  static final String NDJSON = "ndjson";
  static final String JSON = "json";
  static final String CSV = "csv";

  private static final List<String> COLUMNS =
      List.of(
          "id",
          "title",
          "author",
          "document_type",
          "source_url",
          "tags",
          "metadata",
          "created_at",
          "updated_at",
          "num_chunks",
          "texts");

  /// A document and what parts it from the one before.
  byte[] document(DocumentInfo document, boolean isFirst) {
    Map<String, @Nullable Object> members = members(document);
    return switch (name) {
      case JSON -> joined(bytes(isFirst ? "[\n" : ",\n"), Json.write(members));
      case CSV -> joined(isFirst ? header() : bytes(""), bytes(Csv.row(columns(), members)));
      default -> joined(Json.write(members), bytes("\n"));
    };
  }

  /// What comes after the last one.
  byte[] end(boolean isEmpty) {
    return switch (name) {
      case JSON -> bytes(isEmpty ? "[]\n" : "\n]\n");
      case CSV -> isEmpty ? header() : bytes("");
      default -> bytes("");
    };
  }

  private byte[] header() {
    return bytes(Csv.header(columns()));
  }

  /// Passages are in one of the last two columns.
  private List<String> columns() {
    List<String> columns = new ArrayList<>(COLUMNS);
    if (embeddings) {
      columns.add("chunks");
    }
    return columns;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private Map<String, @Nullable Object> members(DocumentInfo document) {
    DocumentMeta meta = document.meta();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", document.id());
    json.put("title", meta.title());
    json.put("author", meta.author());
    json.put("document_type", meta.documentType());
    json.put("source_url", meta.sourceUrl());
    json.put("tags", meta.tags());
    json.put("metadata", meta.metadata());
    json.put("created_at", document.createdAt().toString());
    json.put("updated_at", document.updatedAt().toString());
    json.put("num_chunks", document.passageCount());
    List<Passage> passages = document.passages();
    boolean whole = passages.stream().allMatch(passage -> passage.embedding() != null);
    if (embeddings && whole) {
      json.put("chunks", passages.stream().map(ExportForm::chunk).toList());
    } else {
      json.put("texts", passages.stream().map(Passage::text).toList());
    }
    return json;
  }

  private static Map<String, @Nullable Object> chunk(Passage passage) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("text", passage.text());
    if (passage.embedding() != null) {
      List<Float> values = new ArrayList<>();
      for (float value : passage.embedding().values()) {
        values.add(value);
      }
      json.put("embedding", values);
    }
    return json;
  }
}
