package dev.myelin.edge.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainUpgradeTest {
  private static String declined(String head) {
    ByteBuf bytes = Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII);
    boolean was = PlainUpgrade.decline(bytes, bytes.writerIndex());
    String after = bytes.toString(StandardCharsets.US_ASCII);
    assertThat(was).isEqualTo(!after.equals(head));
    return after;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade: h2c", "upgrade:h2c", "UPGRADE:   H2C"})
  void hidesTheHeader(String header) {
    String head = "GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\nConnection: Upgrade\r\n\r\n";
    assertThat(declined(head)).isEqualTo(head.replace(header, "x" + header.substring(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        "GET /?a=upgrade:h2c HTTP/1.1\r\nHost: upgrade: h2c\r\n\r\n",
        "GET / HTTP/1.1\r\nX-Upgrade: h2c\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\r\nupgrade:",
        "\r\nupgrade:      ",
        ""
      })
  void leavesEverythingElse(String head) {
    assertThat(declined(head)).isEqualTo(head);
  }

  @Test
  void seesOneThatIsCutOff() {
    assertThat(declined("GET / HTTP/1.1\r\nUpgrade: h2c")).endsWith("xpgrade: h2c");
  }

  /// A body is data, whatever it says.
  @Test
  void leavesABodyAlone() {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 14\r\n\r\n";
    EmbeddedChannel listening =
        new EmbeddedChannel(new ConnectionGate(10, Duration.ofSeconds(10), true));
    EmbeddedChannel accepted = new EmbeddedChannel();
    listening.writeInbound(accepted);
    for (String part : new String[] {head.substring(0, head.length() - 1), "\n\r\nupgrade: h2c"}) {
      accepted.writeInbound(Unpooled.copiedBuffer(part, StandardCharsets.US_ASCII));
      ByteBuf passed = accepted.readInbound();
      assertThat(passed.toString(StandardCharsets.US_ASCII)).isEqualTo(part);
      passed.release();
    }
    listening.finishAndReleaseAll();
    accepted.finishAndReleaseAll();
  }
}
