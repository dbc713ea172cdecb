package dev.myelin.library.job.work;

import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.Passage;
import dev.myelin.library.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The form of an exported file: one document after the other, each as the JSON that adds it again.
///
/// @param array whether they are the elements of one JSON array, and not lines of their own
/// @param embeddings whether passages come with theirs
record ExportForm(boolean array, boolean embeddings) {
  static final String NDJSON = "ndjson";
  static final String JSON = "json";

  /// A document and what parts it from the one before.
  byte[] document(DocumentInfo document, boolean isFirst) {
    byte[] json = Json.write(members(document));
    byte[] before = bytes(array ? (isFirst ? "[\n" : ",\n") : "");
    byte[] after = bytes(array ? "" : "\n");
    byte[] all = new byte[before.length + json.length + after.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(json, 0, all, before.length, json.length);
    System.arraycopy(after, 0, all, before.length + json.length, after.length);
    return all;
  }

  /// What comes after the last one.
  byte[] end(boolean isEmpty) {
    return bytes(array ? (isEmpty ? "[]\n" : "\n]\n") : "");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
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
