package dev.myelin.edge.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.MemoryId;
import dev.myelin.model.MemoryType;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the `episode` of an observation. Unknown fields are ignored, null is as good as left out.
///
/// One thread; one episode after the other.
final class EpisodeReader {
  private static final ErrorCode CODE = ErrorCode.INVALID_EPISODE;

  private final EmbeddingReader embeddings;

  private @Nullable ServiceException wrong;
  private @Nullable MemoryId id;
  private @Nullable Instant when;
  private String what = "";
  private @Nullable Embedding embedding;
  private Confidence confidence = Confidence.DEFAULT;
  private @Nullable String place;
  private List<String> people = List.of();
  private @Nullable String why;
  private @Nullable String how;
  private List<String> tags = List.of();
  private Map<String, String> metadata = Map.of();
  private MemoryType type = MemoryType.UNSPECIFIED;
  private @Nullable Float decayRate;
  private float importance;
  private float emotionalValence;
  private boolean plain;

  EpisodeReader(EmbeddingReader embeddings) {
    this.embeddings = embeddings;
  }

  /// Takes the object the parser stands on to its end.
  ///
  /// @throws ServiceException INVALID_EPISODE, INVALID_EMBEDDING: the first thing that was wrong
  Episode read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw JsonFields.wrongType(parser, CODE, "episode", "an object");
    }
    clear();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        try {
          field(parser, name);
        } catch (ServiceException e) {
          wrong = wrong == null ? e : wrong;
        }
      }
    }
    if (wrong != null) {
      throw wrong;
    }
    return new Episode(id, when, what, embedding, confidence, circumstances());
  }

  private void clear() {
    wrong = null;
    id = null;
    when = null;
    what = "";
    embedding = null;
    confidence = Confidence.DEFAULT;
    place = null;
    people = List.of();
    why = null;
    how = null;
    tags = List.of();
    metadata = Map.of();
    type = MemoryType.UNSPECIFIED;
    decayRate = null;
    importance = Circumstances.DEFAULT_IMPORTANCE;
    emotionalValence = 0f;
    plain = true;
  }

  private Circumstances circumstances() {
    return plain
        ? Circumstances.NONE
        : new Circumstances(
            place, people, why, how, tags, metadata, type, decayRate, importance, emotionalValence);
  }

  private void field(JsonParser parser, String name) throws IOException {
    switch (name) {
      case "id" -> id = idOf(JsonFields.text(parser, CODE, name));
      case "when" -> when = JsonFields.time(parser, CODE, name);
      case "what" -> what = JsonFields.text(parser, CODE, name);
      case "embedding" -> embedding = embeddings.read(parser);
      case "encoding_confidence", "confidence" -> confidence = confidence(parser, name);
      default -> circumstance(parser, name);
    }
  }

  private void circumstance(JsonParser parser, String name) throws IOException {
    switch (name) {
      case "where_location", "where", "place" -> place = JsonFields.text(parser, CODE, name);
      case "who", "people" -> people = JsonFields.texts(parser, CODE, name);
      case "why" -> why = JsonFields.text(parser, CODE, name);
      case "how" -> how = JsonFields.text(parser, CODE, name);
      case "tags" -> tags = JsonFields.texts(parser, CODE, name);
      case "metadata" -> metadata = JsonFields.pairs(parser, CODE, name);
      case "memory_type" -> type = type(JsonFields.text(parser, CODE, name));
      case "decay_rate" -> decayRate = Math.max(0f, JsonFields.finite(parser, CODE, name));
      case "importance" -> importance = Math.clamp(JsonFields.finite(parser, CODE, name), 0f, 1f);
      case "emotional_valence" ->
          emotionalValence = Math.clamp(JsonFields.finite(parser, CODE, name), -1f, 1f);
      default -> {
        parser.skipChildren();
        return;
      }
    }
    plain = false;
  }

  /// An empty id asks for a new one, as on the other wire, where empty and absent are the same.
  private static @Nullable MemoryId idOf(String text) {
    return text.isEmpty() ? null : new MemoryId(text);
  }

  /// A number, or the object that the protobuf schema has.
  private static Confidence confidence(JsonParser parser, String name) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return Confidence.clamp(JsonFields.number(parser, CODE, name));
    }
    Confidence value = Confidence.DEFAULT;
    ServiceException wrong = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean isValue = "value".equals(parser.currentName());
      parser.nextToken();
      if (!isValue) {
        parser.skipChildren();
        continue;
      }
      try {
        value = Confidence.clamp(JsonFields.number(parser, CODE, name + ".value"));
      } catch (ServiceException e) {
        wrong = e;
      }
    }
    if (wrong != null) {
      throw wrong;
    }
    return value;
  }

  private static MemoryType type(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    for (MemoryType type : MemoryType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new ServiceException(
        CODE,
        "memory_type is "
            + Excerpt.of(text)
            + " (expected: episodic, semantic, procedural, working or unspecified).");
  }
}
