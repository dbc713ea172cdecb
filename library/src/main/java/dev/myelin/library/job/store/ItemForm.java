package dev.myelin.library.job.store;

import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import dev.myelin.library.job.model.JobItem.Deleted;
import dev.myelin.library.job.model.JobItem.Refused;
import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import dev.myelin.model.Embedding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stored form of what a job is given: JSON, embeddings in it as Base64 of big-endian f32.
final class ItemForm {
  private static final String DELETED = "deleted";
  private static final String REFUSED = "refused";

  private ItemForm() {}

  static byte[] encode(JobItem item) {
    return switch (item) {
      case Added added -> Json.write(document(added.document()));
      case Refused refused -> Json.write(Map.of(REFUSED, refused.reason()));
      case Deleted deleted -> Json.write(Map.of(DELETED, deleted.documentId()));
    };
  }

  private static Map<String, @Nullable Object> document(NewDocument document) {
    DocumentMeta meta = document.meta();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", document.id());
    json.put("title", meta.title());
    json.put("author", meta.author());
    json.put("document_type", meta.documentType());
    json.put("source_url", meta.sourceUrl());
    json.put("tags", meta.tags());
    json.put("metadata", meta.metadata());
    json.put("text", document.text());
    List<Map<String, @Nullable Object>> passages = new ArrayList<>();
    for (NewPassage passage : document.passages()) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("text", passage.text());
      one.put("embedding", packed(passage.embedding()));
      passages.add(one);
    }
    json.put("passages", passages);
    json.put("defer_embedding", document.deferEmbedding());
    return json;
  }

  private static @Nullable String packed(@Nullable Embedding embedding) {
    if (embedding == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(embedding.dimension() * Float.BYTES);
    bytes.asFloatBuffer().put(embedding.values());
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  static JobItem decode(byte[] bytes) {
    Fields fields = Fields.read(bytes);
    String deleted = fields.textOrNull(DELETED);
    String refused = fields.textOrNull(REFUSED);
    if (deleted != null) {
      return new Deleted(deleted);
    }
    return refused == null ? new Added(document(fields)) : new Refused(refused);
  }

  private static NewDocument document(Fields fields) {
    DocumentMeta meta =
        new DocumentMeta(
            fields.text("title"),
            fields.textOrNull("author"),
            fields.text("document_type"),
            fields.textOrNull("source_url"),
            fields.texts("tags"),
            fields.object("metadata"));
    return new NewDocument(
        fields.textOrNull("id"),
        meta,
        fields.textOrNull("text"),
        passages(fields),
        Boolean.TRUE.equals(fields.map().get("defer_embedding")));
  }

  private static List<NewPassage> passages(Fields fields) {
    List<NewPassage> passages = new ArrayList<>();
    if (fields.map().get("passages") instanceof List<?> list) {
      for (Object one : list) {
        if (one instanceof Map<?, ?> passage) {
          passages.add(
              new NewPassage(
                  String.valueOf(passage.get("text")), unpacked(passage.get("embedding"))));
        }
      }
    }
    return passages;
  }

  private static @Nullable Embedding unpacked(@Nullable Object text) {
    if (!(text instanceof String packed)) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(packed));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return Embedding.of(values);
  }
}
