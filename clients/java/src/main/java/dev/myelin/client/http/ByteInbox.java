package dev.myelin.client.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The bytes of an answer, from the threads of the HTTP client to the one that reads.
///
/// At most [#AHEAD] deliveries of the network wait here; when nobody takes them, no more is read
/// from the socket, and the server feels it.
final class ByteInbox implements BodySubscriber<ByteInbox>, AutoCloseable {
  static final int AHEAD = 8;

  /// What came in, in order; the last one is not a delivery.
  private sealed interface Item {
    record Delivery(List<ByteBuffer> bytes) implements Item {}

    record Broken(Throwable cause) implements Item {}

    record End() implements Item {}

    record Closed() implements Item {}
  }

  private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

  @Override
  public CompletionStage<ByteInbox> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription.complete(begun);
    begun.request(AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    items.add(new Item.Delivery(bytes));
  }

  @Override
  public void onError(Throwable cause) {
    items.add(new Item.Broken(cause));
  }

  @Override
  public void onComplete() {
    items.add(new Item.End());
  }

  /// Takes what came next, and waits for it.
  ///
  /// @return null after the last
  /// @throws IOException if the connection broke, or this was closed
  /// @throws SilenceException if nothing came for so long
  @Nullable List<ByteBuffer> take(Duration patience) throws IOException, InterruptedException {
    Item item = items.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    return switch (item) {
      case null -> throw new SilenceException();
      case Item.Delivery(List<ByteBuffer> bytes) -> {
        subscription.join().request(1);
        yield bytes;
      }
      case Item.End end -> {
        items.add(end);
        yield null;
      }
      case Item.Broken broken -> {
        items.add(broken);
        throw new IOException(broken.cause().getMessage(), broken.cause());
      }
      case Item.Closed closed -> {
        items.add(closed);
        throw new IOException("closed");
      }
    };
  }

  /// There was no sign of life in time.
  static final class SilenceException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// Breaks the answer off, and wakes who waits for more of it. Any thread.
  @Override
  public void close() {
    var _ = subscription.thenAccept(Flow.Subscription::cancel);
    items.add(new Item.Closed());
  }
}
