package dev.myelin.library.store;

import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.Passage;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the table of documents holds of one, as JSON; its texts are in its passages' memories.
///
/// @param passages the memory ids of its passages, in order
/// @param starts where each begins in the document's text
public record DocumentRow(
    DocumentMeta meta,
    List<String> passages,
    List<Integer> starts,
    Instant createdAt,
    Instant updatedAt,
    long version) {
  public DocumentRow {
    passages = List.copyOf(passages);
    starts = List.copyOf(starts);
  }

  public DocumentInfo info(SpaceId library, String id, List<Passage> with) {
    return new DocumentInfo(
        id, library, meta, with, passages.size(), createdAt, updatedAt, version);
  }

  public byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("title", meta.title());
    json.put("author", meta.author());
    json.put("document_type", meta.documentType());
    json.put("source_url", meta.sourceUrl());
    json.put("tags", meta.tags());
    json.put("metadata", meta.metadata());
    json.put("passages", passages);
    json.put("starts", starts);
    json.put("created_at", createdAt.toEpochMilli());
    json.put("updated_at", updatedAt.toEpochMilli());
    json.put("version", version);
    return Json.write(json);
  }

  public static DocumentRow decode(byte[] bytes) {
    Fields fields = Fields.read(bytes);
    DocumentMeta meta =
        new DocumentMeta(
            fields.text("title"),
            fields.textOrNull("author"),
            fields.text("document_type"),
            fields.textOrNull("source_url"),
            fields.texts("tags"),
            fields.object("metadata"));
    return new DocumentRow(
        meta,
        fields.texts("passages"),
        fields.numbers("starts"),
        fields.time("created_at"),
        fields.time("updated_at"),
        fields.number("version"));
  }
}
