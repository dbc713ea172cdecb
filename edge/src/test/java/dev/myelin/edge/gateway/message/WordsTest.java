package dev.myelin.edge.gateway.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Errors of every number, held against the server's AsyncAPI document.
class WordsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonSchema schema(String name) throws IOException {
    try (InputStream document =
        Objects.requireNonNull(WordsTest.class.getResourceAsStream("/api/asyncapi.yaml"))) {
      JsonNode whole = new ObjectMapper(new YAMLFactory()).readTree(document);
      String definitions = whole.at("/components/schemas").toString();
      ObjectNode schema = JSON.createObjectNode().put("$ref", "#/$defs/" + name);
      schema.set("$defs", JSON.readTree(definitions.replace("#/components/schemas/", "#/$defs/")));
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    }
  }

  private static JsonNode said(GatewayError error, @Nullable Inbound command, Dialect dialect)
      throws IOException {
    return JSON.readTree(Words.error(error, command, dialect));
  }

  private static GatewayError error(GatewayCode code) {
    return GatewayError.of(code, "What was wrong, and what to do.")
        .retryAfter(Duration.ofMillis(1_500))
        .with("channel", "team:core");
  }

  private static Inbound command(Dialect dialect) {
    Payload nothing = Payload.EMPTY;
    return new Inbound("c1", "channel.publish", nothing, null, "c0", dialect, nothing, 0);
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorOfACommandIsAsTheSchemaSays(GatewayCode code) throws IOException {
    JsonNode said = said(error(code), command(Dialect.ENVELOPE), Dialect.ENVELOPE);

    assertThat(schema("Failure").validate(said)).as("%s", said).isEmpty();
    assertThat(said.get("type").asText()).isEqualTo("error");
    assertThat(said.get("reply_to").asText()).isEqualTo("c1");
    assertThat(said.at("/payload/code").asInt()).isEqualTo(code.number());
    assertThat(said.at("/payload/retry_after_ms").asLong()).isEqualTo(1_500);
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorThatClosesIsAsTheSchemaSays(GatewayCode code) throws IOException {
    GatewayError error = error(code).closing();
    JsonNode said = said(error, null, Dialect.ENVELOPE);

    assertThat(schema("ConnectionError").validate(said)).as("%s", said).isEmpty();
    assertThat(said.at("/payload/fatal").asBoolean()).isTrue();
    assertThat(error.closeReason(true))
        .startsWith(code.name() + ";retry_after_ms=1500;resume=")
        .hasSizeLessThan(124);
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorIsAWordToo(GatewayCode code) throws IOException {
    JsonNode said = said(error(code), command(Dialect.SIMPLE), Dialect.SIMPLE);

    assertThat(said.get("type").asText()).isEqualTo("error");
    assertThat(said.get("code").asText()).matches("[A-Z_]+");
    assertThat(said.get("number").asInt()).isEqualTo(code.number());
    assertThat(said.get("message").asText()).isNotEmpty();
  }
}
