package dev.myelin.library.webhook;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the requests of webhooks. Any thread.
public interface WebhookSender {

  /// Why a target may not be called, for people; empty if it may, or if nobody knows now. Blocks
  /// while a name is looked up.
  Optional<String> refusal(URI target);

  /// Makes one request and waits for its answer, on a virtual thread. Connects only to an address
  /// that was checked, and follows no redirect.
  ///
  /// @throws InterruptedException if the answer is not waited for any more
  Reply send(Post post) throws InterruptedException;

  /// A POST.
  ///
  /// @param timeout until the head of the answer
  @SuppressWarnings("ArrayRecordComponent") // a body is handed on, never compared
  record Post(URI target, Map<String, String> headers, byte[] body, Duration timeout) {
    public Post {
      headers = Map.copyOf(headers);
    }
  }

  /// What came of a request.
  sealed interface Reply {}

  /// The target answered.
  ///
  /// @param retryAfter the header `Retry-After` as it came
  /// @param body the beginning of it
  record Answered(int status, @Nullable String retryAfter, String body) implements Reply {}

  /// The target did not answer.
  ///
  /// @param reason for people
  record Unanswered(String reason) implements Reply {}
}
