package dev.myelin.client.channel;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.model.MyelinException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Events by long polling: one request after the other, each answered when there is something. What
/// is ephemeral does not come this way.
final class PolledEvents implements EventSource {
  private static final int PAGE = 500;

  private final Http http;
  private final Call call;
  private final Duration wait;
  private final CompletableFuture<EventPage> closed = new CompletableFuture<>();

  PolledEvents(Http http, Call call, Duration wait) {
    this.http = http;
    this.call = call.with("limit", PAGE).with("wait", wait.toMillis() + "ms");
    this.wait = wait;
  }

  @Override
  public Taken take(@Nullable Position position) {
    Call from =
        position == null
            ? call
            : call.with("after", position.offset()).with("epoch", position.epoch());
    EventPage page = await(from);
    return new Taken(page.events(), new Position(page.epoch(), page.next()));
  }

  /// Waits for the answer on a thread of its own, which can be woken.
  private EventPage await(Call from) {
    CompletableFuture<EventPage> answer = new CompletableFuture<>();
    Thread asking =
        Thread.startVirtualThread(() -> {
          try {
            Duration patience = wait.plus(http.options().requestTimeout());
            answer.complete(ChannelForms.page(http.send(from, patience).json()));
          } catch (MyelinException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return (EventPage) CompletableFuture.anyOf(answer, closed).get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new MyelinException(MyelinException.CLOSED, "The follower was interrupted.", null);
    } finally {
      asking.interrupt();
    }
  }

  private static MyelinException failure(@Nullable Throwable cause) {
    Throwable known =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    return known instanceof MyelinException failure
        ? failure
        : MyelinException.unavailable("The request failed: " + known + ".", known);
  }

  @Override
  public void drop() {
    // Each request is one of its own.
  }

  @Override
  public void close() {
    closed.completeExceptionally(
        new MyelinException(MyelinException.CLOSED, "The follower was closed.", null));
  }
}
