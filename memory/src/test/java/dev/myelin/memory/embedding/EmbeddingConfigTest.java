package dev.myelin.memory.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingConfigTest {
  private static final EmbeddingConfig DEFAULT = EmbeddingConfig.DEFAULT;

  @Test
  void leavesOneCoreFreeByDefault() {
    assertThat(DEFAULT.threads())
        .isEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
  }

  @Test
  void noneOpensNothing() {
    EmbeddingConfig none =
        new EmbeddingConfig(
            EmbeddingConfig.Provider.NONE,
            "",
            "",
            "",
            0,
            "",
            "",
            1,
            1,
            1,
            1,
            Duration.ofSeconds(1),
            1);
    assertThat(Embedder.open(none)).isEmpty();
  }

  @Test
  void neverShowsTheKey() {
    EmbeddingConfig config = DEFAULT.withEndpoint("https://models.test/v1", "small", "sk-hidden");
    assertThat(config.toString()).contains("models.test").doesNotContain("sk-hidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "models.test/v1", "ftp://models.test", "http://", "http://a b", "file:/x"})
  void refusesAnAddressThatIsNotHttp(String url) {
    assertThatThrownBy(() -> DEFAULT.withEndpoint(url, "small", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("embedding.base-url: " + url + " (expected:");
  }

  @Test
  void refusesAnEndpointWithoutModel() {
    assertThatThrownBy(() -> DEFAULT.withEndpoint("http://127.0.0.1/v1", " ", ""))
        .hasMessageContaining("embedding.model");
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> with(5_000, 1, Duration.ofSeconds(1)))
        .hasMessage("embedding.dimension: 5000 (expected: 0 to 4096)");
    assertThatThrownBy(() -> with(0, 0, Duration.ofSeconds(1)))
        .hasMessageContaining("embedding.batch-size");
    assertThatThrownBy(() -> with(0, 1, Duration.ZERO)).hasMessageContaining("embedding.timeout");
    assertThatThrownBy(() -> with(0, 1, Duration.ofHours(1)))
        .hasMessageContaining("embedding.timeout");
  }

  private static EmbeddingConfig with(int dimension, int batchSize, Duration timeout) {
    return new EmbeddingConfig(
        EmbeddingConfig.Provider.NONE,
        "",
        "",
        "",
        dimension,
        "",
        "",
        1,
        1,
        batchSize,
        1,
        timeout,
        1);
  }
}
