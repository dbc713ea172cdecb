package dev.myelin.edge.library;

import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.library.document.PassagePairs;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.memory.filter.Condition;
import dev.myelin.memory.filter.Condition.Operator;
import dev.myelin.model.Embedding;
import dev.myelin.model.SpaceId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Questions in a client's JSON.
public final class SearchReader {
  private static final int MAX_QUERY = 1_000;
  private static final int MAX_FILTERS = 64;
  private static final int MAX_FIELD = 256;
  private static final int DEFAULT_K = 10;

  /// What a mode must be.
  static final String MODES = "is unknown (expected: meaning, words or hybrid).";

  private SearchReader() {}

  /// A question with `query`.
  static Search text(SpaceId library, JsonObject json, Mode mode, boolean embeddings) {
    String query = query(json, "query");
    return search(library, json, query, null, mode, embeddings);
  }

  /// A question with `embedding`.
  static Search embedding(SpaceId library, JsonObject json, boolean embeddings) {
    Embedding embedding = DocumentReader.embedding(json, true);
    return search(library, json, null, embedding, Mode.MEANING, embeddings);
  }

  /// A question with `query`, `embedding`, or both, and perhaps a `mode`.
  static Search either(SpaceId library, JsonObject json, boolean embeddings) {
    Embedding embedding = DocumentReader.embedding(json, false);
    String query = embedding == null || json.has("query") ? query(json, "query") : null;
    return search(library, json, query, embedding, mode(json), embeddings);
  }

  private static Mode mode(JsonObject json) {
    String name = json.has("mode") ? json.text("mode", 1, MAX_FIELD) : null;
    if (name == null) {
      return Mode.AUTOMATIC;
    }
    Mode mode = mode(name);
    if (mode == null) {
      throw json.invalid("mode", MODES);
    }
    return mode;
  }

  /// The mode of that name, or null.
  static @Nullable Mode mode(String name) {
    return switch (name) {
      case "meaning" -> Mode.MEANING;
      case "words" -> Mode.WORDS;
      case "hybrid" -> Mode.HYBRID;
      default -> null;
    };
  }

  /// A question as it comes over a socket: `query_text` or `embedding`, `threshold`, `mode`.
  public static Search ofSocket(SpaceId library, JsonObject json) {
    Embedding embedding = DocumentReader.embedding(json, false);
    String name = json.has("query_text") || !json.has("query") ? "query_text" : "query";
    if (embedding == null && !json.has(name)) {
      throw json.invalid("query_text", "query_text is required, or embedding.");
    }
    String query = json.has(name) ? query(json, name) : null;
    return search(library, json, query, embedding, mode(json), false);
  }

  private static String query(JsonObject json, String name) {
    String query = json.text(name, 1, MAX_QUERY);
    if (query.isBlank()) {
      throw json.invalid(name, "is blank (expected: a question).");
    }
    return query;
  }

  private static Search search(
      SpaceId library,
      JsonObject json,
      @Nullable String query,
      @Nullable Embedding embedding,
      Mode mode,
      boolean embeddings) {
    String threshold = json.has("threshold") ? "threshold" : "distance_threshold";
    return new Search(
        library,
        query,
        embedding,
        (int) json.integer("k", 1, Search.MAX_K, DEFAULT_K),
        (float) json.number(threshold, 0, Search.MAX_DISTANCE, Search.MAX_DISTANCE),
        conditions(json),
        mode,
        json.flag("include_embeddings", embeddings));
  }

  private static List<Condition> conditions(JsonObject json) {
    String name = json.has("metadata_filter") ? "metadata_filter" : "metadata_filters";
    Object value = json.value(name);
    if (value == null) {
      return List.of();
    }
    return value instanceof Map ? equalities(json, name) : list(json, name);
  }

  /// `{"author": "X"}`: each field equals its value.
  private static List<Condition> equalities(JsonObject json, String name) {
    JsonObject fields = json.object(name);
    List<Condition> conditions = new ArrayList<>();
    Map<String, @Nullable Object> map = json.map(name);
    if (map != null) {
      map.forEach((field, value) ->
          conditions.add(
              new Condition(stored(field), Operator.EQ, List.of(text(value, fields.path(field))))));
    }
    return conditions;
  }

  /// Passages carry the title of their document under a longer name.
  private static String stored(String field) {
    return field.equals("title") ? PassagePairs.DOCUMENT_TITLE : field;
  }

  private static List<Condition> list(JsonObject json, String name) {
    List<@Nullable JsonObject> filters = json.objects(name, 0, MAX_FILTERS);
    List<Condition> conditions = new ArrayList<>();
    for (int i = 0; i < filters.size(); i++) {
      conditions.add(condition(json.require(filters.get(i), name, i)));
    }
    return conditions;
  }

  private static Condition condition(JsonObject filter) {
    String field = stored(filter.text("field", 1, MAX_FIELD));
    String name = filter.text("operator", 1, MAX_FIELD);
    Operator operator;
    try {
      operator = Operator.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw filter.invalid(
          "operator", "is " + name + " (expected: eq, ne, gt, gte, lt, lte, in or contains).");
    }
    Object value = filter.value("value");
    if (operator != Operator.IN) {
      return new Condition(field, operator, List.of(text(value, filter.path("value"))));
    }
    if (!(value instanceof List<?> values) || values.isEmpty()) {
      throw filter.invalid("value", "is no list (expected: a list of values for in).");
    }
    List<String> texts = new ArrayList<>();
    for (Object item : values) {
      texts.add(text(item, filter.path("value")));
    }
    return new Condition(field, operator, texts);
  }

  private static String text(@Nullable Object value, String path) {
    return switch (value) {
      case String text -> text;
      case Boolean flag -> flag.toString();
      case BigDecimal number -> number.toPlainString();
      case Number number -> number.toString();
      case null, default ->
          throw JsonFailure.invalid(path, "is no text, number or truth value. Send one of those.");
    };
  }
}
