package dev.myelin.edge.webhook;

import dev.myelin.library.webhook.WebhookSender.Answered;
import dev.myelin.library.webhook.WebhookSender.Reply;
import dev.myelin.library.webhook.WebhookSender.Unanswered;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Begun and awaited by one thread, told by an event loop; what both
/// touch is guarded by this object's monitor.
final class Exchange {
  /// How long the body may take after the head: the head has said what counts.
  private static final Duration FOR_THE_BODY = Duration.ofSeconds(2);

  private final int maxBytes;
  private final CompletableFuture<HttpClientResponse> head = new CompletableFuture<>();
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private final Buffer body = Buffer.buffer();
  private @Nullable HttpClientRequest request;
  private boolean over;

  /// @param maxBytes how much of the body is read
  Exchange(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void begin(HttpClientAgent client, RequestOptions options, byte[] content) {
    client
        .request(options)
        .onFailure(head::completeExceptionally)
        .onSuccess(made -> connected(made, content));
  }

  private void connected(HttpClientRequest made, byte[] content) {
    synchronized (this) {
      if (over) {
        made.reset();
        return;
      }
      request = made;
    }
    made.send(Buffer.buffer(content))
        .onFailure(head::completeExceptionally)
        .onSuccess(this::answered);
  }

  private void answered(HttpClientResponse response) {
    response.handler(this::more);
    response.endHandler(_ -> end.complete(true));
    response.exceptionHandler(_ -> end.complete(false));
    head.complete(response);
  }

  private synchronized void more(Buffer chunk) {
    int room = maxBytes - body.length();
    body.appendBuffer(chunk.slice(0, Math.min(room, chunk.length())));
    if (chunk.length() >= room) {
      end.complete(false);
    }
  }

  /// Waits for the answer, then lets go of the connection unless all of it was read.
  ///
  /// @param timeout until the head of the answer
  Reply await(Duration timeout) throws InterruptedException {
    try {
      HttpClientResponse response = head.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      awaitBody();
      return new Answered(response.statusCode(), response.getHeader("retry-after"), body());
    } catch (ExecutionException e) {
      return new Unanswered(reason(e.getCause()));
    } catch (TimeoutException _) {
      return new Unanswered("The target did not answer within " + timeout.toSeconds() + " s.");
    } finally {
      if (!end.getNow(false)) {
        cut();
      }
    }
  }

  private void awaitBody() throws InterruptedException {
    try {
      var _ = end.get(FOR_THE_BODY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      // What came is enough.
    }
  }

  private synchronized String body() {
    return body.toString(StandardCharsets.UTF_8);
  }

  private synchronized void cut() {
    over = true;
    if (request != null) {
      request.reset();
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException _ -> "The target did not let itself be connected to in time.";
      case ConnectException _ -> "The connection to the target was refused.";
      case SSLException _ ->
          "The TLS handshake failed: the certificate is not trusted, or not for this name.";
      case null, default -> "The connection to the target broke before it answered.";
    };
  }
}
