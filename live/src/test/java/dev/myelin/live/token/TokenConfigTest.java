package dev.myelin.live.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenConfigTest {
  @Test
  void refusesASecretThatIsTooShortAndDoesNotShowIt() {
    assertThatThrownBy(() -> new TokenConfig("short-secret", null, null, null))
        .hasMessageContaining("12 bytes (expected: 32")
        .hasMessageNotContaining("short-secret");
    assertThatThrownBy(() -> new TokenSigner(TokenConfig.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neverShowsTheSecret() {
    String secret = "0123456789abcdef0123456789abcdef";
    TokenConfig config = new TokenConfig(secret, "keys.json", null, null);
    assertThat(config.toString()).doesNotContain(secret).contains("keys.json");
    assertThat(config.isOn()).isTrue();
    assertThat(TokenConfig.NONE.isOn()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://issuer.example/keys", "http://192.0.2.1/keys", "http://"})
  void refusesKeysThatOthersCanChangeOnTheWay(String jwks) {
    assertThatThrownBy(() -> new TokenConfig(null, jwks, null, null))
        .hasMessageContaining("expected: a file, or an https URL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"keys.json", "https://issuer.example/keys", "http://127.0.0.1:1/keys"})
  void takesAFileOrASafeUrl(String jwks) {
    assertThat(new TokenConfig(null, jwks, null, null).jwks()).isEqualTo(jwks);
  }
}
