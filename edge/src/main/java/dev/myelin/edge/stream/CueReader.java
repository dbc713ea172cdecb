package dev.myelin.edge.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.memory.MemoryFilter;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a recall looks for: the `cue` object, and conditions that stand beside it.
///
/// One thread; one message after the other.
final class CueReader {
  private static final ErrorCode CODE = ErrorCode.INVALID_CUE;
  private static final float NO_MINIMUM = -1f;

  private final EmbeddingReader embeddings;

  private @Nullable ServiceException wrong;
  private boolean given;
  private @Nullable Embedding embedding;
  private @Nullable String text;
  private @Nullable Instant from;
  private @Nullable Instant to;
  private float minConfidence;
  private float minSimilarity;
  private List<String> requiredTags = List.of();
  private List<String> excludedTags = List.of();
  private List<String> people = List.of();
  private @Nullable String place;

  CueReader(EmbeddingReader embeddings) {
    this.embeddings = embeddings;
  }

  /// Begins a message.
  void clear() {
    wrong = null;
    given = false;
    embedding = null;
    text = null;
    from = null;
    to = null;
    minConfidence = 0f;
    minSimilarity = NO_MINIMUM;
    requiredTags = List.of();
    excludedTags = List.of();
    people = List.of();
    place = null;
  }

  /// Takes the `cue` the parser stands on to its end; what is wrong with it is said by [#check()].
  void cue(JsonParser parser) throws IOException {
    given = true;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      remember(JsonFields.wrongType(parser, CODE, "cue", "an object"));
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NULL && !condition(parser, name)) {
        seek(parser, name);
      }
    }
  }

  private void seek(JsonParser parser, String name) throws IOException {
    try {
      switch (name) {
        case "embedding" -> embedding = embeddings.read(parser);
        case "text", "query" -> text = JsonFields.text(parser, CODE, name);
        default -> parser.skipChildren();
      }
    } catch (ServiceException e) {
      remember(e);
    }
  }

  /// Takes the value of a condition; returns false, with nothing taken, if the field is none.
  boolean condition(JsonParser parser, String name) throws IOException {
    try {
      switch (name) {
        case "time_start" -> from = JsonFields.time(parser, CODE, name);
        case "time_end" -> to = JsonFields.time(parser, CODE, name);
        case "min_confidence" -> minConfidence = JsonFields.finite(parser, CODE, name);
        case "min_similarity" -> minSimilarity = JsonFields.finite(parser, CODE, name);
        case "required_tags" -> requiredTags = JsonFields.texts(parser, CODE, name);
        case "excluded_tags" -> excludedTags = JsonFields.texts(parser, CODE, name);
        case "people", "participants" -> people = JsonFields.texts(parser, CODE, name);
        case "place", "location" -> place = JsonFields.text(parser, CODE, name);
        default -> {
          return false;
        }
      }
    } catch (ServiceException e) {
      remember(e);
    }
    given = true;
    return true;
  }

  private void remember(ServiceException e) {
    wrong = wrong == null ? e : wrong;
  }

  /// @throws ServiceException INVALID_CUE, INVALID_EMBEDDING: the first thing that was wrong
  void check() {
    if (wrong != null) {
      throw wrong;
    }
    if (!given) {
      throw new ServiceException(
          CODE, "missing field cue (expected: an object with embedding, text or conditions).");
    }
  }

  @Nullable Embedding embedding() {
    return embedding;
  }

  @Nullable String text() {
    return text == null || text.isBlank() ? null : text;
  }

  float minSimilarity() {
    return minSimilarity;
  }

  MemoryFilter filter(@Nullable Instant committedUntil) {
    return new MemoryFilter(
        from, to, committedUntil, minConfidence, requiredTags, excludedTags, people, place);
  }
}
