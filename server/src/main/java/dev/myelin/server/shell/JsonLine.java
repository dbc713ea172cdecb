package dev.myelin.server.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One JSON object on one line; what is not known is left out.
public final class JsonLine {
  private static final JsonFactory JSON = new JsonFactory();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  public JsonLine() {
    try {
      json = JSON.createGenerator(text);
      json.writeStartObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Write {
    void run(JsonGenerator json) throws IOException;
  }

  private JsonLine write(Write write) {
    try {
      write.run(json);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JsonLine put(String name, @Nullable String value) {
    return value == null ? this : write(json -> json.writeStringField(name, value));
  }

  public JsonLine put(String name, @Nullable Instant value) {
    return value == null ? this : put(name, value.toString());
  }

  public JsonLine put(String name, long value) {
    return write(json -> json.writeNumberField(name, value));
  }

  public JsonLine put(String name, float value) {
    return Float.isFinite(value) ? write(json -> json.writeNumberField(name, value)) : this;
  }

  public JsonLine put(String name, List<String> values) {
    if (values.isEmpty()) {
      return this;
    }
    return write(json -> {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    });
  }

  public JsonLine put(String name, Map<String, String> pairs) {
    if (pairs.isEmpty()) {
      return this;
    }
    return write(json -> {
      json.writeObjectFieldStart(name);
      for (Map.Entry<String, String> pair : pairs.entrySet()) {
        json.writeStringField(pair.getKey(), pair.getValue());
      }
      json.writeEndObject();
    });
  }

  /// A value of any kind that JSON has: a text, a number, a truth value, a list or map of such.
  public JsonLine putAny(String name, @Nullable Object value) {
    return value == null
        ? this
        : write(json -> {
          json.writeFieldName(name);
          any(json, value);
        });
  }

  private static void any(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Boolean flag -> json.writeBoolean(flag);
      case Number number -> json.writeNumber(number.toString());
      case List<?> values -> {
        json.writeStartArray();
        for (Object each : values) {
          any(json, each);
        }
        json.writeEndArray();
      }
      case Map<?, ?> pairs -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> pair : pairs.entrySet()) {
          json.writeFieldName(String.valueOf(pair.getKey()));
          any(json, pair.getValue());
        }
        json.writeEndObject();
      }
      default -> json.writeString(value.toString());
    }
  }

  @Override
  public String toString() {
    write(JsonGenerator::close);
    return text.toString();
  }
}
