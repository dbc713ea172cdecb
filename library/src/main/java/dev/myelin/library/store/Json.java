package dev.myelin.library.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON objects as maps: text, numbers, booleans, null, lists and maps. Keeps the order of fields.
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /// The text of an object.
  ///
  /// @throws IllegalArgumentException if a value is none that JSON knows
  public static byte[] write(Map<String, ? extends @Nullable Object> object) {
    return writeValue(object);
  }

  /// The text of a value.
  ///
  /// @throws IllegalArgumentException if it is none that JSON knows
  public static byte[] writeValue(@Nullable Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      writeValue(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case BigInteger number -> json.writeNumber(number);
      case BigDecimal number -> json.writeNumber(number);
      case Float number when Float.isFinite(number) -> json.writeNumber(number);
      case Double number when Double.isFinite(number) -> json.writeNumber(number);
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          writeValue(json, entry.getValue());
        }
        json.writeEndObject();
      }
      case Iterable<?> list -> {
        json.writeStartArray();
        for (Object element : list) {
          writeValue(json, element);
        }
        json.writeEndArray();
      }
      default ->
          throw new IllegalArgumentException(
              "value: " + value.getClass() + " (expected: what JSON can say)");
    }
  }

  /// Reads what [#write(Map)] wrote.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if it is no JSON object
  public static Map<String, @Nullable Object> read(byte[] bytes) {
    try (JsonParser json = FACTORY.createParser(bytes)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        return readObject(json);
      }
    } catch (IOException _) {
      // Told below.
    }
    throw new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "A row of a library cannot be read ("
            + bytes.length
            + " bytes; expected: a JSON object). Use the version of Myelin that wrote the data"
            + " folder, or restore a backup.");
  }

  private static Map<String, @Nullable Object> readObject(JsonParser json) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      object.put(name, readValue(json));
    }
    return object;
  }

  private static @Nullable Object readValue(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> readObject(json);
      case START_ARRAY -> readList(json);
      case VALUE_STRING -> json.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> json.getNumberValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      default -> null;
    };
  }

  private static List<@Nullable Object> readList(JsonParser json) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      list.add(readValue(json));
    }
    return list;
  }
}
