package dev.myelin.edge.rest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one JSON value (RFC 8259) and nothing after it.
///
/// **Refused**: what is not UTF-8, halves of surrogate pairs, NaN and infinities, numbers too large
/// for a double, names that come twice in an object, more than 100 levels, more than a million
/// values. Members named `embedding` are kept as arrays of floats.
public final class JsonReader {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_TEXT = 32 * 1024 * 1024;
  private static final int MAX_NAME = 1_024;
  private static final int MAX_DIGITS = 128;
  private static final int MAX_VALUES = 1_000_000;
  private static final int MAX_FLOATS = 65_536;
  private static final String FLOATS = "embedding";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_TEXT)
                  .maxNameLength(MAX_NAME)
                  .maxNumberLength(MAX_DIGITS)
                  .build())
          .build();

  private final JsonParser parser;
  private int values;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /// A text that is one object.
  ///
  /// @throws JsonFailure if it is none
  public static JsonObject object(byte[] bytes) {
    return object(bytes, bytes.length);
  }

  /// The same, of the first bytes of an array.
  public static JsonObject object(byte[] bytes, int length) {
    Object value = value(bytes, length);
    if (value instanceof Map<?, ?> members) {
      return JsonObject.of(members, "");
    }
    throw JsonFailure.malformed("The JSON is no object (expected: {...}).");
  }

  /// Any value: maps, lists, texts, numbers, truth values, null.
  ///
  /// @throws JsonFailure if it is none
  public static @Nullable Object any(byte[] bytes, int length) {
    return value(bytes, length);
  }

  private static @Nullable Object value(byte[] bytes, int length) {
    // A decoder of our own: the parser would guess UTF-16 and pass over some broken UTF-8.
    InputStreamReader text =
        new InputStreamReader(
            new ByteArrayInputStream(bytes, 0, length),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    try (JsonParser parser = JSON.createParser(text)) {
      JsonReader reader = new JsonReader(parser);
      if (parser.nextToken() == null) {
        throw JsonFailure.malformed("There is no JSON (expected: an object, {...}).");
      }
      Object value = reader.value("");
      if (parser.nextToken() != null) {
        throw JsonFailure.malformed("Something follows the JSON value (expected: one value).");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw JsonFailure.malformed(
          "Invalid JSON"
              + (e.getLocation() == null
                  ? "."
                  : " in line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr()
                      + ": "
                      + e.getOriginalMessage()
                          .lines()
                          .findFirst()
                          .orElse("")
                          .replaceAll("\\(`.*", "")
                      + "."));
    } catch (CharacterCodingException _) {
      throw JsonFailure.malformed("The JSON is not UTF-8.");
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail", e);
    }
  }

  private @Nullable Object value(String name) throws IOException {
    if (++values > MAX_VALUES) {
      throw JsonFailure.malformed(
          "The JSON has more than " + MAX_VALUES + " values. Send less at a time.");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> members();
      case START_ARRAY -> name.equals(FLOATS) ? floats() : items();
      case VALUE_STRING -> text(parser.getText());
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> real();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw JsonFailure.malformed("Invalid JSON.");
    };
  }

  private Map<String, @Nullable Object> members() throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = text(parser.currentName());
      parser.nextToken();
      members.put(name, value(name));
    }
    return members;
  }

  private List<@Nullable Object> items() throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(""));
    }
    return items;
  }

  /// An array of numbers as floats; of other things as a list.
  private Object floats() throws IOException {
    float[] floats = new float[16];
    int size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isNumeric()) {
        return mixed(Arrays.copyOf(floats, size));
      }
      if (size == MAX_FLOATS) {
        throw JsonFailure.malformed(
            "An embedding has more than " + MAX_FLOATS + " values. Send a shorter one.");
      }
      if (size == floats.length) {
        floats = Arrays.copyOf(floats, 2 * size);
      }
      floats[size++] = (float) real();
    }
    return Arrays.copyOf(floats, size);
  }

  private List<@Nullable Object> mixed(float[] before) throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    for (float number : before) {
      items.add((double) number);
    }
    do {
      items.add(value(""));
    } while (parser.nextToken() != JsonToken.END_ARRAY);
    return items;
  }

  private double real() throws IOException {
    double number = parser.getDoubleValue();
    if (Double.isInfinite(number)) {
      throw JsonFailure.malformed("A number is too large (expected: what a double can hold).");
    }
    return number;
  }

  private static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          throw JsonFailure.malformed(
              "A text has half of a surrogate pair (expected: whole characters).");
        }
        i++;
      }
    }
    return text;
  }
}
