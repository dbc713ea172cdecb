package dev.myelin.library.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Signatures as RFC 4231, test case 2, has them.
final class SignaturesTest {
  private static final byte[] DATA =
      "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);

  @Test
  void signsTheBody() {
    assertThat(Signatures.plain("Jefe", DATA))
        .isEqualTo("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void signsTheTimeWithTheBody() {
    byte[] both = "1767225600.what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);
    assertThat(Signatures.timed("Jefe", Instant.ofEpochSecond(1_767_225_600), DATA))
        .isEqualTo("t=1767225600,v1=" + Signatures.plain("Jefe", both).substring(7));
  }
}
