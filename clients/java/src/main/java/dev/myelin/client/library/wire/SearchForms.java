package dev.myelin.client.library.wire;

import dev.myelin.client.http.JsonBody;
import dev.myelin.client.library.model.Filter;
import dev.myelin.client.library.model.SearchAnswer;
import dev.myelin.client.library.model.SearchHit;
import dev.myelin.client.library.model.SearchMode;
import dev.myelin.client.library.model.SearchQuery;
import dev.myelin.client.wire.JsonObject;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Questions and their answers as JSON.
public final class SearchForms {
  private static final double NANOS_PER_MILLI = 1e6;

  private SearchForms() {}

  public static byte[] of(SearchQuery query) {
    return JsonBody.object(json -> {
      if (!query.text().isEmpty()) {
        json.writeStringField("query", query.text());
      }
      if (query.embedding().dimension() > 0) {
        JsonBody.put(json, "embedding", query.embedding().values());
      }
      if (query.mode() == SearchMode.MEANING || query.mode() == SearchMode.WORDS) {
        json.writeStringField("mode", query.mode().name().toLowerCase(Locale.ROOT));
      }
      json.writeNumberField("k", query.k());
      if (query.maxDistance() < SearchQuery.MAX_DISTANCE) {
        json.writeNumberField("distance_threshold", query.maxDistance());
      }
      if (query.includeEmbeddings()) {
        json.writeBooleanField("include_embeddings", true);
      }
      json.writeArrayFieldStart("metadata_filters");
      for (Filter filter : query.filters()) {
        json.writeStartObject();
        json.writeStringField("field", filter.field());
        json.writeStringField("operator", filter.operator().name().toLowerCase(Locale.ROOT));
        JsonBody.put(json, "value", filter.value());
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  public static SearchAnswer answer(JsonObject json) {
    return new SearchAnswer(
        json.objects("results").stream().map(SearchForms::hit).toList(),
        Duration.ofNanos(Math.round(json.decimal("query_time_ms") * NANOS_PER_MILLI)),
        mode(json.textOrNull("mode")));
  }

  private static SearchMode mode(@Nullable String name) {
    return switch (name) {
      case "meaning" -> SearchMode.MEANING;
      case "words" -> SearchMode.WORDS;
      case "hybrid" -> SearchMode.HYBRID;
      case null, default -> SearchMode.AUTOMATIC;
    };
  }

  private static SearchHit hit(JsonObject json) {
    return new SearchHit(
        DocumentForms.passage(json.object("chunk")),
        json.has("distance") ? json.decimal("distance") : Double.NaN,
        json.decimal("score"),
        json.textOrNull("document_id"),
        json.textOrNull("document_title"));
  }
}
