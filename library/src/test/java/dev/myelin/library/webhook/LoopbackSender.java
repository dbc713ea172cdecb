package dev.myelin.library.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/// Sends to targets on this machine, with the HTTP client of the JDK, and to no others.
final class LoopbackSender implements WebhookSender {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public Optional<String> refusal(URI target) {
    return "127.0.0.1".equals(target.getHost())
        ? Optional.empty()
        : Optional.of("it is elsewhere.");
  }

  @Override
  public Reply send(Post post) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(post.target())
            .timeout(post.timeout())
            .POST(BodyPublishers.ofByteArray(post.body()));
    post.headers().forEach(request::header);
    try {
      HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
      String retryAfter = answer.headers().firstValue("retry-after").orElse(null);
      return new Answered(answer.statusCode(), retryAfter, answer.body());
    } catch (IOException _) {
      return new Unanswered("The target did not answer.");
    }
  }
}
