package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the server says of itself, held against what it does.
final class ApiContract {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  private final JsonNode document;
  private final Set<String> exercised = new TreeSet<>();

  ApiContract(JsonNode document) {
    this.document = document;
  }

  /// All operations, such as `GET /v1/libraries`.
  Set<String> operations() {
    Set<String> all = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            METHODS.stream()
                .filter(path.getValue()::has)
                .forEach(method ->
                    all.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
    return all;
  }

  /// The operations that gave a success.
  Set<String> exercised() {
    return exercised;
  }

  /// Fails if an answer is not what the document says.
  void check(String method, String path, int status, String type, String body) {
    if (method.equals("OPTIONS")) {
      assertThat(status).isIn(204, 404);
      return;
    }
    if (method.equals("HEAD")) {
      assertThat(body).isEmpty();
      return;
    }
    String template = template(method, path.split("\\?", 2)[0]);
    if (template == null) {
      assertThat(status).as("%s %s is not documented", method, path).isIn(404, 405, 426);
      return;
    }
    if (status < 300) {
      exercised.add(method + " " + template);
    }
    JsonNode operation =
        document.get("paths").get(template).get(method.toLowerCase(java.util.Locale.ROOT));
    JsonNode responses = operation.get("responses");
    JsonNode response =
        resolve(responses.has("" + status) ? responses.get("" + status) : responses.get("default"));
    assertThat(responses.has("" + status) || status >= 400)
        .as("%s %s answers %s, which is not documented", method, path, status)
        .isTrue();
    if (!response.has("content")) {
      assertThat(body).as("%s %s has no content", method, path).isEmpty();
      return;
    }
    String bare = type.split(";", 2)[0];
    JsonNode content = response.get("content").get(bare);
    assertThat(content).as("%s %s %s answers with %s", method, path, status, bare).isNotNull();
    if (bare.endsWith("json") && !bare.contains("ndjson")) {
      validate(content.get("schema"), parse(body));
    }
  }

  static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError("no JSON: " + body, e);
    }
  }

  /// Fails if a value is not what a schema of the document says.
  void validate(JsonNode schema, JsonNode value) {
    ObjectNode whole = JSON.createObjectNode();
    if (schema.has("$ref")) {
      whole.set("$ref", schema.get("$ref"));
    } else {
      whole.setAll((ObjectNode) schema);
    }
    whole.set("components", document.get("components"));
    assertThat(SCHEMAS.getSchema(whole).validate(value)).as("%s", value).isEmpty();
  }

  /// The schema of that name.
  JsonNode schema(String name) {
    return document.get("components").get("schemas").get(name);
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private @Nullable String template(String method, String path) {
    List<String> found = new ArrayList<>();
    for (String operation : operations()) {
      String[] parts = operation.split(" ", 2);
      if (parts[0].equals(method) && path.matches(parts[1].replaceAll("\\{[^}]*}", "[^/]+"))) {
        found.add(parts[1]);
      }
    }
    // Fixed segments win over those that vary.
    return found.stream()
        .min(java.util.Comparator.comparingInt(one -> one.split("\\{", -1).length))
        .orElse(null);
  }
}
