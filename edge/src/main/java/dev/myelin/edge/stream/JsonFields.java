package dev.myelin.edge.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the value of one field. Each method takes the whole value, also when it refuses it, so
/// that the rest of the message can be read.
final class JsonFields {
  private static final int MAX_ITEMS = 256;
  private static final int MAX_TIME_CHARACTERS = 40;

  private JsonFields() {}

  static String text(JsonParser parser, ErrorCode code, String name) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrongType(parser, code, name, "a string");
    }
    String text = parser.getText();
    if (hasLoneSurrogate(text)) {
      throw new ServiceException(
          code, name + " has half of a surrogate pair in it (expected: whole characters).");
    }
    return text;
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isHighSurrogate(character)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(character)) {
        return true;
      }
    }
    return false;
  }

  /// Any JSON number, as a double; infinite where it is too large for one.
  static double number(JsonParser parser, ErrorCode code, String name) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw wrongType(parser, code, name, "a number");
    }
    return parser.getDoubleValue();
  }

  static float finite(JsonParser parser, ErrorCode code, String name) throws IOException {
    double value = number(parser, code, name);
    if (!Double.isFinite(value) || Math.abs(value) > Float.MAX_VALUE) {
      throw new ServiceException(code, name + " is " + value + " (expected: a finite number).");
    }
    return (float) value;
  }

  /// RFC 3339.
  static Instant time(JsonParser parser, ErrorCode code, String name) throws IOException {
    String text = text(parser, code, name);
    try {
      if (text.length() <= MAX_TIME_CHARACTERS && !text.isEmpty() && isDigit(text.charAt(0))) {
        return Instant.parse(text);
      }
    } catch (DateTimeException _) {
      // Said below.
    }
    throw new ServiceException(
        code,
        name
            + " is "
            + Excerpt.of(text)
            + " (expected: a time of RFC 3339, for example 2024-10-30T12:00:00Z).");
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  /// An array of strings; one string stands for an array of it.
  static List<String> texts(JsonParser parser, ErrorCode code, String name) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return List.of(text(parser, code, name));
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrongType(parser, code, name, "an array of strings");
    }
    List<String> texts = new ArrayList<>();
    ServiceException wrong = null;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      try {
        texts.add(text(parser, code, name + "[" + texts.size() + "]"));
      } catch (ServiceException e) {
        wrong = wrong == null ? e : wrong;
      }
    }
    if (wrong != null) {
      throw wrong;
    }
    requireFew(code, name, texts.size());
    return texts;
  }

  /// An object whose values are strings; numbers and truth values become their text.
  static Map<String, String> pairs(JsonParser parser, ErrorCode code, String name)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrongType(parser, code, name, "an object of strings");
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    ServiceException wrong = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value.isNumeric() || value.isBoolean()) {
        pairs.put(key, parser.getText());
      } else if (value != JsonToken.VALUE_NULL) {
        try {
          pairs.put(key, text(parser, code, name + "." + key));
        } catch (ServiceException e) {
          wrong = wrong == null ? e : wrong;
        }
      }
    }
    if (wrong != null) {
      throw wrong;
    }
    requireFew(code, name, pairs.size());
    return pairs;
  }

  private static void requireFew(ErrorCode code, String name, int size) {
    if (size > MAX_ITEMS) {
      throw new ServiceException(
          code, name + " has " + size + " items (expected: at most " + MAX_ITEMS + ").");
    }
  }

  /// Takes the value and says what it is instead of what it should be.
  static ServiceException wrongType(JsonParser parser, ErrorCode code, String name, String expected)
      throws IOException {
    String found = describe(parser.currentToken());
    parser.skipChildren();
    return new ServiceException(code, name + " is " + found + " (expected: " + expected + ").");
  }

  private static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("token: " + token + " (expected: a value)");
    };
  }
}
