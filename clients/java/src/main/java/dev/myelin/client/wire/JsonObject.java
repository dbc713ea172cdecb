package dev.myelin.client.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.client.model.MyelinException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that was read whole. What is missing or of another type reads as empty: the server
/// may add to what it says.
public final class JsonObject {
  private static final JsonFactory JSON = new JsonFactory();

  /// Nothing was said.
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  private final Map<String, Object> fields;

  private JsonObject(Map<String, Object> fields) {
    this.fields = fields;
  }

  /// Reads one object, which must be all there is.
  ///
  /// @throws IOException if it is not JSON, or something else than one object
  public static JsonObject parse(ByteBuffer utf8) throws IOException {
    byte[] bytes = new byte[utf8.remaining()];
    utf8.duplicate().get(bytes);
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      JsonObject object = new JsonObject(object(parser));
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON object");
      }
      return object;
    }
  }

  /// Reads one array, which must be all there is; what is no object in it is left out.
  ///
  /// @throws IOException if it is not JSON, or something else than one array
  public static List<JsonObject> parseArray(ByteBuffer utf8) throws IOException {
    byte[] bytes = new byte[utf8.remaining()];
    utf8.duplicate().get(bytes);
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("not a JSON array");
      }
      List<JsonObject> objects = only(array(parser), JsonObject.class);
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON array");
      }
      return objects;
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> new JsonObject(object(parser));
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> null;
    };
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(parser);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  public boolean has(String name) {
    return fields.containsKey(name);
  }

  public Iterable<String> names() {
    return fields.keySet();
  }

  /// The value as it was read, or null.
  public @Nullable Object raw(String name) {
    return fields.get(name);
  }

  public String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  public @Nullable String textOrNull(String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  public long number(String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : 0;
  }

  public float fraction(String name, float otherwise) {
    return fields.get(name) instanceof Number number ? number.floatValue() : otherwise;
  }

  public double decimal(String name) {
    return fields.get(name) instanceof Number number ? number.doubleValue() : 0;
  }

  public boolean flag(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  public @Nullable Instant time(String name) {
    try {
      return fields.get(name) instanceof String text ? Instant.parse(text) : null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  public @Nullable Duration millis(String name) {
    return has(name) ? Duration.ofMillis(number(name)) : null;
  }

  public JsonObject object(String name) {
    return fields.get(name) instanceof JsonObject object ? object : EMPTY;
  }

  public List<JsonObject> objects(String name) {
    return list(name, JsonObject.class);
  }

  public List<String> texts(String name) {
    return list(name, String.class);
  }

  public float[] floats(String name) {
    List<Number> numbers = list(name, Number.class);
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return values;
  }

  /// The fields that are texts.
  public Map<String, String> pairs() {
    Map<String, String> pairs = new LinkedHashMap<>();
    fields.forEach((name, value) -> {
      if (value instanceof String text) {
        pairs.put(name, text);
      }
    });
    return pairs;
  }

  /// All of it as maps, lists, texts, numbers and truth values.
  public Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    fields.forEach((name, value) -> map.put(name, plain(value)));
    return Collections.unmodifiableMap(map);
  }

  private static Object plain(Object value) {
    return switch (value) {
      case JsonObject object -> object.map();
      case List<?> list -> list.stream().map(JsonObject::plain).toList();
      default -> value;
    };
  }

  private <T> List<T> list(String name, Class<T> type) {
    return fields.get(name) instanceof List<?> values ? only(values, type) : List.of();
  }

  private static <T> List<T> only(List<?> values, Class<T> type) {
    List<T> found = new ArrayList<>(values.size());
    for (Object value : values) {
      if (type.isInstance(value)) {
        found.add(type.cast(value));
      }
    }
    return found;
  }

  /// The failure to read what a server sent.
  public static MyelinException unreadable(IOException cause) {
    return new MyelinException(
        MyelinException.PROTOCOL,
        "The server sent something that is no JSON object."
            + " Check that the address is that of a Myelin server.",
        null,
        cause);
  }
}
