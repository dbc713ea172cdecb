package dev.myelin.client.http;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.ProblemException;
import dev.myelin.client.transport.Endpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends requests to one server and reads its answers. Any thread; calls block.
///
/// It speaks HTTP/1.1: a broken connection costs the one call that was on it. What may be repeated
/// is sent up to [#MAX_ATTEMPTS] times, with growing waits, as long as there is hope.
public final class Http implements AutoCloseable {
  /// How often a call is sent that may be repeated.
  public static final int MAX_ATTEMPTS = 4;

  private static final long MAX_ANSWER_BYTES = 256L * 1024 * 1024;
  private static final int MAX_PROBLEM_BYTES = 64 * 1024;
  private static final int CONFLICT = 409;

  private final Endpoint endpoint;
  private final ClientOptions options;
  private final HttpClient http;
  private final RandomGenerator random = new SecureRandom();

  /// Makes a client; connections are made when they are first needed.
  ///
  /// @throws IllegalArgumentException if it is no address, or the certificates cannot be read
  public Http(URI server, ClientOptions options) {
    this.endpoint = Endpoint.of(server);
    this.options = options;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.connectTimeout());
    if (endpoint.tls() && options.trustAll()) {
      builder.sslContext(Trust.inAnybody());
    } else if (endpoint.tls() && options.certificates() != null) {
      builder.sslContext(Trust.inAuthorities(options.certificates()));
    }
    this.http = builder.build();
  }

  public ClientOptions options() {
    return options;
  }

  /// How long to wait before another attempt.
  ///
  /// @param attempt how many there were in vain
  /// @param reason why the last one was
  public Duration pause(int attempt, MyelinException reason) {
    Duration usual = options.retry().pause(attempt, random);
    Duration asked = reason.retryAfter().orElse(Duration.ZERO);
    return usual.compareTo(asked) < 0 ? asked : usual;
  }

  /// Sends a call and waits for its answer.
  ///
  /// @throws ProblemException if the server refuses
  /// @throws MyelinException if there is no answer
  public Answer send(Call call) {
    return send(call, options.requestTimeout());
  }

  /// Sends a call whose answer may take longer than usual.
  public Answer send(Call call, Duration patience) {
    for (int attempt = 0; ; attempt++) {
      MyelinException failure;
      try {
        Answer answer = once(call, patience);
        if (answer.status() / 100 == 2) {
          return answer;
        }
        failure = Problems.of(endpoint, answer);
      } catch (MyelinException e) {
        failure = e;
      }
      Duration wait = pause(attempt, failure);
      if (attempt + 1 == MAX_ATTEMPTS || !mayRepeat(call, failure, attempt) || isTooLong(wait)) {
        throw failure;
      }
      sleep(wait);
    }
  }

  private boolean isTooLong(Duration wait) {
    return wait.compareTo(options.retry().longest()) > 0;
  }

  private static boolean mayRepeat(Call call, MyelinException failure, int attempt) {
    if (!call.isRepeatable() || failure.code().equals(MyelinException.CLOSED)) {
      return false;
    }
    // The first attempt may still be at work; its answer is what the key asks for.
    boolean atWork =
        call.hasKey()
            && attempt > 0
            && failure instanceof ProblemException problem
            && problem.status() == CONFLICT;
    return atWork || failure.isTemporary();
  }

  private static void sleep(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException _) {
      throw interrupted();
    }
  }

  private Answer once(Call call, Duration patience) {
    BodyHandler<byte[]> whole = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES);
    HttpResponse<byte[]> response = await(http.sendAsync(request(call), whole), patience);
    return new Answer(response.statusCode(), response.headers(), ByteBuffer.wrap(response.body()));
  }

  /// Sends a call once and hands over its answer as it comes.
  ///
  /// @throws ProblemException if the server refuses
  /// @throws MyelinException if there is no answer
  public Incoming open(Call call) {
    HttpResponse<ByteInbox> response =
        await(http.sendAsync(request(call), _ -> new ByteInbox()), options.requestTimeout());
    Incoming incoming = new Incoming(response.body(), endpoint);
    if (response.statusCode() / 100 == 2) {
      return incoming;
    }
    try (incoming) {
      byte[] told = incoming.rest(MAX_PROBLEM_BYTES, options.requestTimeout());
      throw Problems.of(
          endpoint, new Answer(response.statusCode(), response.headers(), ByteBuffer.wrap(told)));
    }
  }

  private HttpRequest request(Call call) {
    byte @Nullable [] body = call.body();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + call.target()))
            .method(
                call.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    call.headers().forEach(request::header);
    if (options.apiKey() != null) {
      request.header("authorization", "Bearer " + options.apiKey());
    }
    return request.build();
  }

  private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer, Duration patience) {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw Problems.late(endpoint, e);
    } catch (InterruptedException _) {
      answer.cancel(true);
      throw interrupted();
    } catch (ExecutionException e) {
      throw Problems.broken(endpoint, e.getCause() == null ? e : e.getCause());
    }
  }

  static MyelinException interrupted() {
    Thread.currentThread().interrupt();
    return new MyelinException(MyelinException.CLOSED, "The call was interrupted.", null);
  }

  /// Breaks off what is under way.
  @Override
  public void close() {
    http.shutdownNow();
  }
}
