package dev.myelin.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EnvelopesTest {
  private static final Instant AT = Instant.parse("2026-05-04T03:02:01.007Z");

  private static ChannelEvent event(String channel, long offset, String payload) {
    return new ChannelEvent(
        ChannelId.parse("acme", channel),
        "e1",
        "team.activity",
        offset,
        offset - 1,
        AT,
        "c1",
        "ann",
        payload.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void putsThePayloadIntoTheEnvelopeAsItCame() {
    byte[] bytes = Envelopes.event(event("team:core", 7, "{\"n\":1.50}"), Form.ENVELOPE);
    assertThat(text(bytes))
        .isEqualTo(
            "{\"id\":\"e1\",\"type\":\"team.activity\",\"timestamp\":\"2026-05-04T03:02:01.007Z\","
                + "\"correlation_id\":\"c1\",\"channel\":\"team:core\",\"offset\":7,"
                + "\"payload\":{\"n\":1.50}}");
  }

  @Test
  void saysThatAnEventIsReplayedOrEphemeral() {
    assertThat(text(Envelopes.event(event("team:core", 7, "{}"), Form.ENVELOPE, true)))
        .contains("\"replayed\":true");
    assertThat(text(Envelopes.event(event("team:core", 0, "{}"), Form.ENVELOPE)))
        .contains("\"ephemeral\":true")
        .doesNotContain("offset");
  }

  @Test
  void namesTheOffsetBeforeWhereOffsetsHaveHoles() {
    assertThat(text(Envelopes.event(event("library:books", 7, "{}"), Form.ENVELOPE)))
        .contains("\"offset\":7,\"previous_offset\":6");
  }

  @Test
  void spreadsThePayloadButNeverOverTypeAndOffset() {
    byte[] bytes =
        Envelopes.event(
            event("team:core", 7, "{\"type\":\"x\",\"offset\":1,\"id\":\"p\",\"a\":{\"b\":[1]}}"),
            Form.FLAT);
    assertThat(text(bytes))
        .contains("\"type\":\"team.activity\"")
        .contains("\"offset\":7")
        .contains("\"id\":\"p\"")
        .contains("\"a\":{\"b\":[1]}")
        .doesNotContain("payload")
        .doesNotContain("e1");
  }

  @Test
  void writesReplies() {
    Envelope reply =
        new Envelope(
            "ack",
            "c9",
            "c1",
            null,
            json -> {
              json.writeStartObject();
              json.writeStringField("status", "accepted");
              json.writeEndObject();
            });
    assertThat(text(Envelopes.message(reply, Form.ENVELOPE)))
        .contains(
            "\"type\":\"ack\"", "\"reply_to\":\"c9\"", "\"payload\":{\"status\":\"accepted\"}");
    assertThat(text(Envelopes.message(reply, Form.FLAT)))
        .isEqualTo(
            "{\"type\":\"ack\",\"reply_to\":\"c9\",\"correlation_id\":\"c1\",\"status\":\"accepted\"}");
  }

  @Test
  void tellsWhatAFailureComesTo() {
    GatewayError error =
        GatewayError.of(
                new ServiceException(ErrorCode.OVERLOADED, "Too much.", Duration.ofSeconds(2)))
            .of("channel.publish")
            .with("channel", "team:core");
    assertThat(text(JsonText.write(error::write)))
        .isEqualTo(
            "{\"code\":4004,\"name\":\"RATE_LIMIT_EXCEEDED\",\"message\":\"Too much.\","
                + "\"temporary\":true,\"fatal\":false,\"retry_after_ms\":2000,"
                + "\"request_type\":\"channel.publish\",\"context\":{\"channel\":\"team:core\"},"
                + "\"details\":{\"channel\":\"team:core\"}}");
    assertThat(error.closeReason(true))
        .isEqualTo("RATE_LIMIT_EXCEEDED;retry_after_ms=2000;resume=1");
  }
}
