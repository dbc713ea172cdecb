package dev.myelin.edge.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.command.RecentCommands.Known;
import dev.myelin.edge.gateway.message.Dialect;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentCommandsTest {
  private static final String SESSION = "s1";

  private final ManualClock clock = new ManualClock();
  private final RecentCommands recent = new RecentCommands(clock);

  private static Inbound command(String id, int n) {
    Payload payload = new Payload(Map.of("n", n));
    return new Inbound(
        id, "channel.subscribe", payload, null, id, Dialect.ENVELOPE, Payload.EMPTY, 0);
  }

  private void carriedOut(Inbound command) {
    assertThat(recent.look(SESSION, command)).isInstanceOf(Known.New.class);
    recent.answered(SESSION, command, Words.ack(command, "accepted", Map.of("n", 1)));
  }

  private static String payload(Known known) {
    Envelope reply = ((Known.Repeated) known).reply();
    return new String(JsonText.write(reply.payload()), StandardCharsets.UTF_8);
  }

  @Test
  void givesTheSameReplyAgainAndSaysSo() {
    carriedOut(command("c1", 1));

    assertThat(payload(recent.look(SESSION, command("c1", 1))))
        .contains("\"status\":\"duplicate\"", "\"duplicate\":true", "\"result\":{\"n\":1}");
  }

  @Test
  void refusesAnotherCommandOfTheSameIdAndKeepsTheFirst() {
    carriedOut(command("c1", 1));

    assertThat(recent.look(SESSION, command("c1", 2))).isInstanceOf(Known.Mismatch.class);
    recent.refused(SESSION, command("c1", 2));

    assertThat(recent.look(SESSION, command("c1", 1))).isInstanceOf(Known.Repeated.class);
  }

  @Test
  void carriesOutWhatWasRefusedOrNeverAnswered() {
    assertThat(recent.look(SESSION, command("c1", 1))).isInstanceOf(Known.New.class);
    assertThat(recent.look(SESSION, command("c1", 1))).isInstanceOf(Known.New.class);
    recent.refused(SESSION, command("c1", 1));
    assertThat(recent.look(SESSION, command("c1", 2))).isInstanceOf(Known.New.class);
  }

  @Test
  void tellsSessionsApart() {
    carriedOut(command("c1", 1));

    assertThat(recent.look("s2", command("c1", 2))).isInstanceOf(Known.New.class);
  }

  @Test
  void forgetsAfterTenMinutes() {
    carriedOut(command("c1", 1));
    clock.advance(Duration.ofMinutes(9));
    assertThat(recent.look(SESSION, command("c1", 1))).isInstanceOf(Known.Repeated.class);
    clock.advance(Duration.ofMinutes(2));

    assertThat(recent.look(SESSION, command("c1", 1))).isInstanceOf(Known.New.class);
  }

  @Test
  void forgetsTheOldestWhereThereAreTooMany() {
    carriedOut(command("c1", 1));
    for (int i = 0; i < 20_000; i++) {
      carriedOut(command("more-" + i, 1));
    }

    assertThat(recent.look(SESSION, command("c1", 1))).isInstanceOf(Known.New.class);
    assertThat(recent.look(SESSION, command("more-19999", 1))).isInstanceOf(Known.Repeated.class);
  }

  @Test
  void knowsOfALongReplyOnlyThatItWasGiven() {
    Inbound command = command("c1", 1);
    var _ = recent.look(SESSION, command);
    recent.answered(
        SESSION, command, Words.ack(command, "accepted", Map.of("text", "x".repeat(10_000))));

    assertThat(payload(recent.look(SESSION, command)))
        .isEqualTo("{\"status\":\"duplicate\",\"duplicate\":true}");
  }
}
