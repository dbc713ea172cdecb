package dev.myelin.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.myelin.server.config.Values.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads `myelin.yaml` into dotted keys; a list becomes its items with commas between them.
final class ConfigFile {
  private static final long MAX_BYTES = 1 << 20;

  private final Path file;
  private final Map<String, Source> values = new LinkedHashMap<>();

  private ConfigFile(Path file) {
    this.file = file;
  }

  /// @throws ConfigException if it cannot be read or is no YAML
  static Map<String, Source> read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ConfigException(file + ": is larger than " + MAX_BYTES + " bytes");
      }
      return new ConfigFile(file).read(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ConfigException(file + ", line " + line + ": is not valid YAML", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read. Does it exist, and may you read it?", e);
    }
  }

  private Map<String, Source> read(byte[] bytes) throws IOException {
    try (JsonParser parser = new YAMLFactory().createParser(bytes)) {
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return values;
      }
      if (first != JsonToken.START_OBJECT) {
        throw new ConfigException(file + ": has no keys (expected: for example server.port: 8080)");
      }
      object(parser, "");
      if (parser.nextToken() != null) {
        throw new ConfigException(file + ": has a second document (expected: one)");
      }
      return values;
    }
  }

  private void object(JsonParser parser, String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = prefix + parser.currentName();
      int line = parser.currentLocation().getLineNr();
      JsonToken token = parser.nextToken();
      switch (token) {
        case START_OBJECT -> object(parser, key + ".");
        case START_ARRAY -> put(key, list(parser, key), line);
        case VALUE_NULL -> put(key, "", line);
        default -> put(key, parser.getText(), line);
      }
    }
  }

  private String list(JsonParser parser, String key) throws IOException {
    StringBuilder items = new StringBuilder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isScalarValue()) {
        throw new ConfigException(file + ", " + key + ": has a list in a list (expected: texts)");
      }
      items.append(items.isEmpty() ? "" : ",").append(parser.getText());
    }
    return items.toString();
  }

  private void put(String key, String text, int line) {
    String origin = file + ", line " + line;
    if (values.putIfAbsent(key, new Source(text, origin)) != null) {
      throw new ConfigException(key + ": is there twice, from " + origin);
    }
  }
}
