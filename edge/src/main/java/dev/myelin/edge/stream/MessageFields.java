package dev.myelin.edge.stream;

import com.fasterxml.jackson.core.JsonParser;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The plain fields of one message, kept as they came until its type is known, which may stand
/// last.
///
/// One thread; one message after the other.
final class MessageFields {
  private static final ErrorCode CODE = ErrorCode.INVALID_REQUEST;

  /// What a message may say beside `episode` and `cue`.
  enum Field {
    TYPE,
    SESSION_ID,
    SEQUENCE_NUMBER,
    PRIORITY,
    MEMORY_SPACE_ID,
    RESUME_SESSION_ID,
    CLIENT_BUFFER_SIZE,
    ENABLE_BACKPRESSURE,
    ACK_MODE,
    INDEXED_ACKS,
    ACTION,
    BUFFER_REMAINING,
    DRAIN,
    DRAIN_QUEUE,
    REQUEST_ID,
    MAX_RESULTS,
    SNAPSHOT_ISOLATION,
    SNAPSHOT_TIME,
    INCLUDE_EMBEDDINGS,
    RANK_BY_ACTIVATION;

    private static final Map<String, Field> BY_NAME = new HashMap<>();

    static {
      for (Field field : values()) {
        BY_NAME.put(field.json(), field);
      }
    }

    static @Nullable Field of(String json) {
      return BY_NAME.get(json);
    }

    private final String json = name().toLowerCase(Locale.ROOT);

    String json() {
      return json;
    }
  }

  private enum Shape {
    OBJECT,
    ARRAY,
    FRACTION,
    HUGE
  }

  private final Map<Field, Object> values = new EnumMap<>(Field.class);

  void clear() {
    values.clear();
  }

  /// Takes the value the parser stands on.
  void take(Field field, JsonParser parser) throws IOException {
    Object value =
        switch (parser.currentToken()) {
          case VALUE_STRING -> parser.getText();
          case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
          case VALUE_NUMBER_INT ->
              parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                  ? Shape.HUGE
                  : (Object) parser.getLongValue();
          case VALUE_NUMBER_FLOAT -> Shape.FRACTION;
          case START_OBJECT -> Shape.OBJECT;
          case START_ARRAY -> Shape.ARRAY;
          case null, default -> null;
        };
    parser.skipChildren();
    if (value != null) {
      values.put(field, value);
    }
  }

  @Nullable String text(Field field) {
    Object value = values.get(field);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrongType(field, value, "a string");
  }

  /// A whole number from 0; a string of digits will do, as protobuf's JSON spells 64 bits.
  long count(Field field, long otherwise) {
    Object value = values.get(field);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    if (value instanceof String text && text.matches("[0-9]{1,18}")) {
      return Long.parseLong(text);
    }
    throw wrongType(field, value, "a whole number from 0");
  }

  /// A whole number from 0, cut to what fits.
  int size(Field field, int otherwise) {
    return (int) Math.min(Integer.MAX_VALUE, count(field, otherwise));
  }

  boolean flag(Field field) {
    Object value = values.get(field);
    if (value == null) {
      return false;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrongType(field, value, "true or false");
  }

  @Nullable Instant time(Field field) {
    String text = text(field);
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw wrongType(field, text, "a time of RFC 3339, for example 2024-10-30T12:00:00Z");
    }
  }

  private static ServiceException wrongType(Field field, Object value, String expected) {
    String found =
        switch (value) {
          case Shape shape ->
              switch (shape) {
                case OBJECT -> "an object";
                case ARRAY -> "an array";
                case FRACTION -> "a number with a fraction";
                case HUGE -> "a number beyond 64 bits";
              };
          case String text -> Excerpt.of(text);
          default -> value.toString();
        };
    return new ServiceException(
        CODE, field.json() + " is " + found + " (expected: " + expected + ").");
  }
}
