package dev.myelin.memory.embedding;

import java.net.URI;
import java.time.Duration;

/// Where embeddings of texts come from.
///
/// @param provider the model inside the program, an OpenAI-compatible endpoint, or none
/// @param model the endpoint's name of the model
/// @param baseUrl of the endpoint: what comes before `/embeddings`
/// @param apiKey sent as a bearer token if it is not empty; never shown
/// @param dimension of the endpoint's embeddings; 0 asks it
/// @param queryPrefix and passagePrefix put before texts, as the endpoint's model was trained
/// @param maxCharacters where texts for the endpoint are cut
/// @param threads of the model inside the program; 0 leaves one core free
/// @param batchSize texts taken at once
/// @param maxInFlight requests to the endpoint at the same time
/// @param timeout of one request for passages; a question gets a quarter of it
/// @param maxAttempts of one request for passages; a question gets one
public record EmbeddingConfig(
    Provider provider,
    String model,
    String baseUrl,
    String apiKey,
    int dimension,
    String queryPrefix,
    String passagePrefix,
    int maxCharacters,
    int threads,
    int batchSize,
    int maxInFlight,
    Duration timeout,
    int maxAttempts) {

  /// Where they come from.
  public enum Provider {
    IN_PROCESS,
    OPENAI,
    NONE
  }

  /// The model inside the program: needs no network and no key.
  public static final EmbeddingConfig DEFAULT =
      new EmbeddingConfig(
          Provider.IN_PROCESS,
          "text-embedding-3-small",
          "https://api.openai.com/v1",
          "",
          0,
          "",
          "",
          8_000,
          0,
          32,
          4,
          Duration.ofSeconds(20),
          4);

  public EmbeddingConfig {
    requireRange("embedding.dimension", dimension, 0, 4_096);
    requireRange("embedding.max-characters", maxCharacters, 1, 65_536);
    requireRange("embedding.threads", threads, 0, 256);
    requireRange("embedding.batch-size", batchSize, 1, 1_024);
    requireRange("embedding.max-in-flight", maxInFlight, 1, 256);
    requireRange("embedding.max-attempts", maxAttempts, 1, 10);
    if (timeout.toMillis() < 4 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "embedding.timeout: " + timeout + " (expected: 4 milliseconds to 10 minutes)");
    }
    if (provider == Provider.OPENAI) {
      requireEndpoint(baseUrl, model);
    }
    if (threads == 0) {
      threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
  }

  private static void requireRange(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  private static void requireEndpoint(String baseUrl, String model) {
    if (model.isBlank()) {
      throw new IllegalArgumentException(
          "embedding.model: is empty (expected: the endpoint's name of the model)");
    }
    if (!isHttp(baseUrl)) {
      throw new IllegalArgumentException(
          "embedding.base-url: "
              + baseUrl
              + " (expected: an http or https address such as http://127.0.0.1:11434/v1)");
    }
  }

  private static boolean isHttp(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      return uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// The same with an OpenAI-compatible endpoint.
  public EmbeddingConfig withEndpoint(String url, String modelName, String key) {
    return new EmbeddingConfig(
        Provider.OPENAI,
        modelName,
        url,
        key,
        dimension,
        queryPrefix,
        passagePrefix,
        maxCharacters,
        threads,
        batchSize,
        maxInFlight,
        timeout,
        maxAttempts);
  }

  /// All but the key.
  @Override
  public String toString() {
    return "EmbeddingConfig[provider="
        + provider
        + ", model="
        + model
        + ", baseUrl="
        + baseUrl
        + ", dimension="
        + dimension
        + "]";
  }
}
