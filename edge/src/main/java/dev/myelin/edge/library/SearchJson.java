package dev.myelin.edge.library;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.library.search.SearchAnswer;
import dev.myelin.library.search.SearchHit;
import dev.myelin.memory.filter.Condition;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Answers of searches as JSON.
public final class SearchJson {
  private SearchJson() {}

  static void answer(JsonGenerator json, SearchAnswer answer) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("results");
    for (SearchHit hit : answer.hits()) {
      json.writeStartObject();
      hit(json, hit);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("query_time_ms", Math.round(answer.took().toNanos() / 10_000.0) / 100.0);
    json.writeNumberField("total_results", answer.hits().size());
    json.writeStringField("mode", answer.mode().name().toLowerCase(Locale.ROOT));
    json.writeEndObject();
  }

  private static void hit(JsonGenerator json, SearchHit hit) throws IOException {
    json.writeFieldName("chunk");
    LibraryJson.chunk(json, hit.passage(), hit.documentId());
    json.writeStringField("text", hit.passage().text());
    ranked(json, hit);
  }

  private static void ranked(JsonGenerator json, SearchHit hit) throws IOException {
    if (Float.isNaN(hit.distance())) {
      json.writeNullField("distance");
    } else {
      json.writeNumberField("distance", Math.clamp(hit.distance(), 0f, 2f));
    }
    json.writeNumberField("score", hit.score());
    json.writeStringField("document_id", hit.documentId());
    json.writeStringField("document_title", hit.documentTitle());
  }

  /// One result of a list that is told result by result.
  static void line(JsonGenerator json, SearchHit hit, int rank) throws IOException {
    json.writeStartObject();
    json.writeNumberField("rank", rank);
    json.writeStringField("chunk_id", hit.passage().id());
    hit(json, hit);
    json.writeFieldName("metadata");
    metadata(json, hit);
    json.writeEndObject();
  }

  /// One result as sockets get it.
  public static void flat(JsonGenerator json, SearchHit hit) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", hit.passage().id());
    json.writeStringField("text", hit.passage().text());
    json.writeFieldName("metadata");
    metadata(json, hit);
    ranked(json, hit);
    json.writeEndObject();
  }

  private static void metadata(JsonGenerator json, SearchHit hit) throws IOException {
    json.writeStartObject();
    LibraryJson.chunkMetadata(json, hit.passage(), hit.documentId());
    for (Map.Entry<String, String> pair : hit.metadata().entrySet()) {
      if (isTold(pair.getKey())) {
        List<String> elements = Condition.elements(pair.getValue());
        if (elements == null) {
          json.writeStringField(pair.getKey(), pair.getValue());
        } else {
          json.writeFieldName(pair.getKey());
          json.writeStartArray();
          for (String element : elements) {
            json.writeString(element);
          }
          json.writeEndArray();
        }
      }
    }
    json.writeEndObject();
  }

  /// Not what the chunk's own metadata say already.
  private static boolean isTold(String name) {
    return switch (name) {
      case "created_at",
          "page_number",
          "chunk_index",
          "start",
          "chunk_start",
          "source_document_id",
          "document_id",
          "document_title" ->
          false;
      default -> true;
    };
  }
}
