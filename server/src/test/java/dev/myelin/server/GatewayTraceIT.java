package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.edge.gateway.connection.Faults;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/// What can be seen of the gateway from outside: a command can be followed by its correlation id,
/// and messages and times are measured.
class GatewayTraceIT extends GatewayTalk {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Faults.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logger.setLevel(Level.DEBUG);
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(logged);
    logger.setLevel(null);
  }

  private static String command(String id, String type) {
    ObjectNode command =
        object().put("id", id).put("type", type).put("correlation_id", "trace-" + id);
    command.putObject("payload").putArray("channels").add("team:trace");
    return command.toString();
  }

  private static boolean tells(ILoggingEvent event, String correlation) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs != null
        && pairs.stream()
            .anyMatch(pair -> pair.key.equals("correlation") && correlation.equals(pair.value));
  }

  @Test
  void aCommandIsFollowedByItsCorrelationIdToItsReplyAndIntoTheLog() throws Exception {
    try (GatewayClient client = init("trace")) {
      client.send(command("good", "channel.subscribe"));
      JsonNode good = checked(client.reply("good"));
      client.send(command("bad", "no.such"));
      JsonNode bad = checked(client.reply("bad"));

      assertThat(good.get("correlation_id").asText()).isEqualTo("trace-good");
      assertThat(bad.get("type").asText()).isEqualTo("error");
      assertThat(bad.get("correlation_id").asText()).isEqualTo("trace-bad");
      assertThat(List.copyOf(logged.list))
          .anyMatch(event -> tells(event, "trace-bad"))
          .noneMatch(event -> event.toString().contains(token("trace").substring(0, 30)));
    }
  }

  @Test
  void messagesAreCountedByTypeAndTimesMeasured() throws Exception {
    try (GatewayClient client = init("counted")) {
      client.subscribe(GatewayClient.team("counted"));
      client.reply(client.note("team:counted", 1));
      client.next("app.note");

      String metrics = server.get("/metrics").body();

      assertThat(metrics)
          .contains("myelin_gateway_messages_sent_total{type=\"connection.ack\"}")
          .contains("myelin_gateway_messages_sent_total{type=\"app.note\"}")
          .containsPattern("myelin_gateway_answer_seconds_count [1-9]")
          .contains("myelin_gateway_delivery_seconds_bucket");
    }
  }
}
