package dev.myelin.memory.embedding;

import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Embeds at an endpoint that speaks OpenAI's `POST /embeddings`.
///
/// Requests at the same time are bounded, and so is each answer. A request that meets 429, 5xx or a
/// broken connection is tried again after a random pause that doubles, or after what the endpoint
/// asks for; a question is not, because somebody waits. The dimension is configured, or that of the
/// first answer; an answer of another one is an error.
final class OpenAiEmbedder implements Embedder {
  private static final Logger LOG = LoggerFactory.getLogger(OpenAiEmbedder.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
  private static final int MAX_BYTES_PER_VALUE = 32;

  private final EmbeddingConfig config;
  private final URI address;
  private final HttpClient client;
  private final Semaphore inFlight;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile int dimension;
  private volatile boolean closed;

  OpenAiEmbedder(EmbeddingConfig config) {
    this.config = config;
    address = URI.create(config.baseUrl().replaceFirst("/+$", "") + "/embeddings");
    inFlight = new Semaphore(config.maxInFlight());
    dimension = config.dimension();
    // HTTP/1.1: some endpoints stumble over the upgrade that Java's client tries on plain http.
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.timeout())
            .build();
  }

  @Override
  public String model() {
    return config.model();
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public void prepare() {
    if (dimension == 0 && asked.compareAndSet(false, true)) {
      Thread.ofVirtual().name("embed-dimension").start(this::askDimension);
    }
  }

  private void askDimension() {
    try {
      embedQuery("dimension");
    } catch (ServiceException e) {
      asked.set(false);
      if (closed) {
        return;
      }
      LOG.atWarn()
          .addKeyValue("endpoint", address.getHost())
          .addKeyValue("reason", e.text())
          .log("embedding endpoint does not answer; its dimension is learnt with the first text");
    }
  }

  @Override
  public List<Embedding> embedPassages(List<String> texts) {
    List<Embedding> embeddings = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += config.batchSize()) {
      List<String> batch =
          texts.subList(from, Math.min(from + config.batchSize(), texts.size())).stream()
              .map(text -> cut(config.passagePrefix() + text))
              .toList();
      embeddings.addAll(embed(batch, config.maxAttempts(), config.timeout()));
    }
    return embeddings;
  }

  @Override
  public Embedding embedQuery(String text) {
    List<String> query = List.of(cut(config.queryPrefix() + text));
    return embed(query, 1, config.timeout().dividedBy(4)).getFirst();
  }

  private String cut(String text) {
    int end = config.maxCharacters();
    if (text.length() <= end) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  private List<Embedding> embed(List<String> texts, int attempts, Duration timeout) {
    HttpRequest request = request(texts, timeout);
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return checked(EmbeddingsJson.read(send(request, texts.size(), timeout), texts.size()));
      } catch (ServiceException e) {
        if (!e.code().isTemporary() || attempt >= attempts || closed) {
          throw e;
        }
        Duration asked = e.retryAfter();
        sleep(asked == null ? random(pause) : asked);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private HttpRequest request(List<String> texts, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    EmbeddingsJson.request(config.model(), texts)));
    if (!config.apiKey().isEmpty()) {
      request.header("Authorization", "Bearer " + config.apiKey());
    }
    return request.build();
  }

  private byte[] send(HttpRequest request, int texts, Duration timeout) {
    boolean admitted = false;
    try {
      admitted = inFlight.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (closed) {
        throw new ServiceException(
            ErrorCode.SHUTTING_DOWN, "The server is shutting down. Connect again later.");
      }
      if (!admitted) {
        throw unreachable("has too many requests waiting", null, null);
      }
      long most = (long) texts * Embedding.MAX_DIMENSION * MAX_BYTES_PER_VALUE + 65_536;
      return body(client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most)));
    } catch (IOException e) {
      throw unreachable("cannot be reached or breaks off", null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("was not waited for", null, e);
    } finally {
      if (admitted) {
        inFlight.release();
      }
    }
  }

  private static byte[] body(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    return switch (status) {
      case 200 -> response.body();
      case 400, 413, 422 ->
          throw new ServiceException(
              ErrorCode.UNSUPPORTED,
              "The embedding endpoint refuses a text (status "
                  + status
                  + "). It may be too long for the model: lower embedding.max-characters.");
      case 408, 425, 429 -> throw unreachable("answers status " + status, pause(response), null);
      default -> {
        if (status >= 500) {
          throw unreachable("answers status " + status, pause(response), null);
        }
        throw new ServiceException(
            ErrorCode.INTERNAL,
            "The embedding endpoint answers status "
                + status
                + " (expected: 200). Check embedding.base-url, embedding.model and"
                + " embedding.api-key.");
      }
    };
  }

  /// What the endpoint asks for in `Retry-After`, if that is a bearable number of seconds.
  private static @Nullable Duration pause(HttpResponse<?> response) {
    String seconds = response.headers().firstValue("Retry-After").orElse("");
    if (!seconds.matches("\\d{1,4}")) {
      return null;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
    return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
  }

  private static ServiceException unreachable(
      String what, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    return new ServiceException(
        ErrorCode.OVERLOADED,
        "The embedding endpoint " + what + ". Texts are found by their words; try again later.",
        retryAfter,
        cause);
  }

  private List<Embedding> checked(List<Embedding> embeddings) {
    for (Embedding embedding : embeddings) {
      if (dimension == 0) {
        dimension = embedding.dimension();
      }
      if (embedding.dimension() != dimension) {
        throw new ServiceException(
            ErrorCode.INTERNAL,
            "The embedding endpoint answers with "
                + embedding.dimension()
                + " values (expected: "
                + dimension
                + "). Check embedding.model and embedding.dimension.");
      }
    }
    return embeddings;
  }

  private static Duration random(Duration most) {
    long millis = Math.min(most.toMillis(), LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("was not waited for", null, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    client.close();
  }
}
