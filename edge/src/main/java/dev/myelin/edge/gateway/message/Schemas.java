package dev.myelin.edge.gateway.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.myelin.edge.gateway.GatewayError.Violation;
import dev.myelin.edge.rest.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What clients may send, as the server's AsyncAPI document says it: the messages of the operation
/// `command`, by their names. Read when it is first needed. Any thread.
public final class Schemas {
  private static final String DOCUMENT = "/api/asyncapi.yaml";
  private static final String SCHEMAS = "/components/schemas";
  private static final String PAYLOAD = "/payload";
  private static final int MOST_VIOLATIONS = 10;

  private final ObjectMapper json = new ObjectMapper();
  private volatile @Nullable Map<String, JsonSchema> schemas;

  /// Whether asking costs no reading.
  public boolean isReady() {
    return schemas != null;
  }

  /// Reads the document, once. Blocks.
  public void prepare() {
    var _ = all();
  }

  private Map<String, JsonSchema> all() {
    Map<String, JsonSchema> known = schemas;
    return known == null ? readOnce() : known;
  }

  private synchronized Map<String, JsonSchema> readOnce() {
    Map<String, JsonSchema> known = schemas;
    if (known == null) {
      known = read();
      schemas = known;
    }
    return known;
  }

  private Map<String, JsonSchema> read() {
    try (InputStream document =
        Objects.requireNonNull(Schemas.class.getResourceAsStream(DOCUMENT))) {
      JsonNode whole = new ObjectMapper(new YAMLFactory()).readTree(document);
      JsonNode definitions =
          json.readTree(whole.at(SCHEMAS).toString().replace("#" + SCHEMAS + "/", "#/$defs/"));
      JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
      SchemaValidatorsConfig config =
          SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
      Map<String, JsonSchema> read = new LinkedHashMap<>();
      for (JsonNode one : whole.at("/operations/command/messages")) {
        JsonNode message = resolve(whole, resolve(whole, one));
        ObjectNode schema = json.createObjectNode();
        String reference = message.at("/payload/$ref").asText();
        schema.put("$ref", reference.replace("#" + SCHEMAS + "/", "#/$defs/"));
        schema.set("$defs", definitions);
        JsonSchema compiled = factory.getSchema(schema, config);
        compiled.initializeValidators();
        read.put(message.get("name").asText(), compiled);
      }
      return Map.copyOf(read);
    } catch (IOException e) {
      throw new UncheckedIOException("the document is part of the server", e);
    }
  }

  private static JsonNode resolve(JsonNode whole, JsonNode node) {
    return node.has("$ref") ? whole.at(node.get("$ref").asText().substring(1)) : node;
  }

  /// The types of messages that clients may send.
  public Set<String> types() {
    return all().keySet();
  }

  /// Where a message is not what its schema says; the places are JSON Pointers into it as it came.
  public List<Violation> check(Inbound message) {
    JsonSchema schema = all().get(message.type());
    if (schema == null) {
      throw new IllegalArgumentException("type: " + message.type() + " (expected: a known one)");
    }
    boolean flat = message.dialect() != Dialect.ENVELOPE;
    return schema.validate(tree(message, flat)).stream()
        .limit(MOST_VIOLATIONS)
        .map(one ->
            new Violation(
                path(one.getInstanceLocation().toString(), one.getProperty(), flat),
                one.getType(),
                one.getMessage()))
        .toList();
  }

  /// Names the place itself: a missing member by where it should be.
  private static String path(String location, @Nullable String property, boolean flat) {
    String path = property == null ? location : location + "/" + property;
    boolean nested = path.equals(PAYLOAD) || path.startsWith(PAYLOAD + "/");
    return flat && nested ? path.substring(PAYLOAD.length()) : path;
  }

  private JsonNode tree(Inbound message, boolean flat) {
    byte[] text =
        JsonText.write(out -> {
          if (!flat) {
            JsonText.value(out, message.frame().members());
            return;
          }
          out.writeStartObject();
          // A flat message needs no id: nothing has to name it.
          out.writeStringField("id", message.id() == null ? "-" : message.id());
          out.writeStringField("type", message.type());
          out.writeFieldName("payload");
          JsonText.value(out, message.payload().members());
          out.writeEndObject();
        });
    try {
      return json.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
  }
}
