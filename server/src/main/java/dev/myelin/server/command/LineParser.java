package dev.myelin.server.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.myelin.client.model.Observation;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes an observation of a line: a text, or a JSON object. One thread.
final class LineParser {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

  private final LineFormat format;
  private float[] values = new float[1024];

  LineParser(LineFormat format) {
    this.format = format;
  }

  /// The observation of a line; empty if the line is blank.
  ///
  /// @throws BadLine if the line is none
  Optional<Observation> parse(String line) throws BadLine {
    if (line.isBlank()) {
      return Optional.empty();
    }
    boolean json =
        switch (format) {
          case AUTO -> line.stripLeading().startsWith("{");
          case TEXT -> false;
          case JSONL -> true;
        };
    try {
      return Optional.of(json ? json(line) : Observation.of(line.strip()));
    } catch (IllegalArgumentException e) {
      throw new BadLine(String.valueOf(e.getMessage()));
    }
  }

  private Observation json(String line) throws BadLine {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadLine("not a JSON object (expected: {\"what\": \"...\"})");
      }
      Observation.Builder observation = Observation.builder();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_NULL) {
          field(observation, name, parser);
        }
      }
      if (parser.nextToken() != null) {
        throw new BadLine("more after the JSON object (expected: one object on a line)");
      }
      return observation.build();
    } catch (JsonProcessingException e) {
      String hint = format == LineFormat.AUTO ? "; if it is a text, say --format text" : "";
      throw new BadLine(
          "not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + " (column "
              + (e.getLocation() == null ? 0 : e.getLocation().getColumnNr())
              + hint
              + ")");
    } catch (IOException e) {
      throw new BadLine("not JSON: " + String.valueOf(e.getMessage()));
    }
  }

  private void field(Observation.Builder observation, String name, JsonParser parser)
      throws IOException, BadLine {
    switch (name) {
      case "what", "content", "text" -> observation.what(text(name, parser));
      case "id" -> observation.id(scalar(name, parser));
      case "when" -> observation.when(time(name, parser));
      case "embedding" -> observation.embedding(vector(name, parser));
      case "confidence", "encoding_confidence" -> observation.confidence(number(name, parser));
      case "importance" -> observation.importance(number(name, parser));
      case "tags" -> observation.tags(texts(name, parser));
      case "people", "who" -> observation.people(texts(name, parser));
      case "place", "where_location" -> observation.place(text(name, parser));
      case "why" -> observation.why(text(name, parser));
      case "how" -> observation.how(text(name, parser));
      case "metadata" -> observation.metadata(pairs(name, parser));
      default -> parser.skipChildren();
    }
  }

  private static String text(String name, JsonParser parser) throws IOException, BadLine {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(name, "a string");
    }
    return parser.getText();
  }

  /// A string, or a number or truth value as it is written.
  private static String scalar(String name, JsonParser parser) throws IOException, BadLine {
    if (!parser.currentToken().isScalarValue()) {
      throw wrong(name, "a string or a number");
    }
    return parser.getText();
  }

  private static float number(String name, JsonParser parser) throws IOException, BadLine {
    if (!parser.currentToken().isNumeric()) {
      throw wrong(name, "a number");
    }
    return parser.getFloatValue();
  }

  private static Instant time(String name, JsonParser parser) throws IOException, BadLine {
    try {
      return OffsetDateTime.parse(text(name, parser)).toInstant();
    } catch (DateTimeException _) {
      throw wrong(name, "a time such as 2026-01-31T12:00:00Z");
    }
  }

  private static List<String> texts(String name, JsonParser parser) throws IOException, BadLine {
    List<String> texts = new ArrayList<>();
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      texts.add(parser.getText());
      return texts;
    }
    requireArray(name, parser, "an array of strings");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(name, parser));
    }
    return texts;
  }

  private static Map<String, String> pairs(String name, JsonParser parser)
      throws IOException, BadLine {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(name, "an object of strings");
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        pairs.put(key, scalar(name + "." + key, parser));
      }
    }
    return pairs;
  }

  private float[] vector(String name, JsonParser parser) throws IOException, BadLine {
    requireArray(name, parser, "an array of numbers");
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count == values.length) {
        values = Arrays.copyOf(values, count * 2);
      }
      values[count] = number(name + "[" + count + "]", parser);
      count++;
    }
    return Arrays.copyOf(values, count);
  }

  private static void requireArray(String name, JsonParser parser, String expected) throws BadLine {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(name, expected);
    }
  }

  private static BadLine wrong(String name, String expected) {
    return new BadLine(name + " (expected: " + expected + ")");
  }
}
