package dev.myelin.client.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON.
public final class JsonBody {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonBody() {}

  /// Writes the members of an object.
  @FunctionalInterface
  public interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  /// One object as UTF-8.
  public static byte[] object(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /// A member, left out if it is null.
  public static void put(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeFieldName(name);
      value(json, value);
    }
  }

  /// A value: a text, a number, a truth value, a time, a list or map of such, or null.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static void value(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Number number -> number(json, number);
      case Instant time -> json.writeString(time.toString());
      case float[] values -> floats(json, values);
      case Collection<?> values -> {
        json.writeStartArray();
        for (Object each : values) {
          value(json, each);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          value(json, entry.getValue());
        }
        json.writeEndObject();
      }
      default ->
          throw new IllegalArgumentException(
              "value: a "
                  + value.getClass().getName()
                  + " (expected: String, Number, Boolean, Instant, List, Map or null)");
    }
  }

  private static void number(JsonGenerator json, Number number) throws IOException {
    if (!Double.isFinite(number.doubleValue())) {
      throw new IllegalArgumentException("value: " + number + " (expected: a finite number)");
    }
    json.writeNumber(number.toString());
  }

  private static void floats(JsonGenerator json, float[] values) throws IOException {
    json.writeStartArray();
    for (float value : values) {
      number(json, value);
    }
    json.writeEndArray();
  }
}
