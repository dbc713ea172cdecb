package dev.myelin.server.command;

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
final class JsonLine {
  private static final JsonFactory JSON = new JsonFactory();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  JsonLine() {
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

  JsonLine put(String name, @Nullable String value) {
    return value == null ? this : write(json -> json.writeStringField(name, value));
  }

  JsonLine put(String name, @Nullable Instant value) {
    return value == null ? this : put(name, value.toString());
  }

  JsonLine put(String name, long value) {
    return write(json -> json.writeNumberField(name, value));
  }

  JsonLine put(String name, float value) {
    return Float.isFinite(value) ? write(json -> json.writeNumberField(name, value)) : this;
  }

  JsonLine put(String name, List<String> values) {
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

  JsonLine put(String name, Map<String, String> pairs) {
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

  @Override
  public String toString() {
    write(JsonGenerator::close);
    return text.toString();
  }
}
