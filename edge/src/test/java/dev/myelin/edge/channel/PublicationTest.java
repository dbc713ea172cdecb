package dev.myelin.edge.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.live.channel.CommandKey;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients post, and how it is read.
class PublicationTest {
  private static final ChannelId CORE = ChannelId.parse("t1", "team:core");

  private static Publication read(String json, @Nullable String key) {
    return Publication.read(json.getBytes(StandardCharsets.UTF_8), key);
  }

  private static String payload(Publication publication) {
    return new String(publication.payload(), StandardCharsets.UTF_8);
  }

  private static CommandKey key(String json, ChannelId channel) {
    return Objects.requireNonNull(read(json, null).event(Principal.ROOT, channel).command());
  }

  @Test
  void thePayloadStaysAsItCameButForWhiteSpace() {
    Publication read =
        read(
            "{\"a\":{\"payload\":{}}, \"type\":\"team.activity\",\"payload\" : {\n \"big\": "
                + "12345678901234567890123.4500, \"text\":\"ä \\\"q\\\\\" ,\r\n"
                + "\"embedding\":[1, 0.1],\"none\": null } ,\"z\":[{}]}",
            null);

    assertThat(payload(read))
        .isEqualTo(
            "{\"big\":12345678901234567890123.4500,\"text\":\"ä \\\"q\\\\\",\"embedding\":[1,0.1],"
                + "\"none\":null}");
    assertThat(payload(read("{\"type\":\"a.b\"}", null))).isEqualTo("{}");
    assertThat(payload(read("{\"type\":\"a.b\",\"payload\":null}", null))).isEqualTo("{}");
  }

  @Test
  void aKeyStandsForTheId() {
    assertThat(read("{\"type\":\"a.b\"}", "k").id()).isEqualTo("k");
    assertThat(read("{\"type\":\"a.b\",\"id\":\"k\"}", "k").id()).isEqualTo("k");
    assertThat(read("{\"type\":\"a.b\"}", null).event(Principal.ROOT, CORE).command()).isNull();
    assertThatThrownBy(() -> read("{\"type\":\"a.b\",\"id\":\"k\"}", "other"))
        .isInstanceOf(JsonFailure.class)
        .hasMessageContaining("Idempotency-Key");
    assertThatThrownBy(() -> read("{\"type\":\"a.b\"}", "k".repeat(65)))
        .isInstanceOf(JsonFailure.class);
    assertThatThrownBy(() -> read("{\"type\":\"a.b\"}", "")).isInstanceOf(JsonFailure.class);
  }

  @Test
  void whatIsRepeatedIsKnownByAllThatItSays() {
    String first = "{\"id\":\"k\",\"type\":\"a.b\",\"payload\":{\"n\":1}}";

    assertThat(key(" {\"type\":\"a.b\", \"payload\":{\"n\": 1},\"id\":\"k\"}", CORE).bodyHash())
        .isEqualTo(key(first, CORE).bodyHash());
    assertThat(key(first.replace("1", "2"), CORE).bodyHash())
        .isNotEqualTo(key(first, CORE).bodyHash());
    assertThat(key(first.replace("a.b", "a.c"), CORE).bodyHash())
        .isNotEqualTo(key(first, CORE).bodyHash());
    assertThat(key(first, ChannelId.parse("t1", "team:other")).bodyHash())
        .isNotEqualTo(key(first, CORE).bodyHash());
    assertThat(key(first, CORE).subject()).isEqualTo(Principal.ROOT.subject());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"type\":7}",
        "{\"type\":\"\"}",
        "{\"type\":\"a.b\",\"payload\":[]}",
        "{\"type\":\"a.b\",\"payload\":\"{}\"}",
        "{\"type\":\"a.b\",\"payload\":{},\"payload\":{}}",
        "{\"type\":\"a.b\",\"id\":\"\"}",
        "{\"type\":\"a.b\",\"ephemeral\":1}",
        "{\"type\":\"channel.presence\"}",
        "{\"type\":\"connection.ack\"}",
      })
  void whatIsNoEventIsRefused(String json) {
    assertThatThrownBy(() -> read(json, null)).isInstanceOf(JsonFailure.class);
  }

  @Test
  void aTypeHasDots() {
    assertThatThrownBy(() -> read("{\"type\":\"error\"}", null).event(Principal.ROOT, CORE))
        .isInstanceOf(ServiceException.class);
  }

  @ParameterizedTest
  @CsvSource({"30s,30000", "30,30000", "500ms,500", "0,0", "60s,60000", "60000ms,60000"})
  void readsWaits(String text, long millis) {
    assertThat(Waits.of(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1s", "61s", "1m", "s", "60001ms", "999999999999s", "1.5s"})
  void whatIsNoWaitIsRefused(String text) {
    assertThatThrownBy(() -> Waits.of(text)).isInstanceOf(RestException.class);
  }
}
