package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.SpaceEvent;
import dev.myelin.client.transport.Loop;
import dev.myelin.client.transport.Network;
import dev.myelin.client.wire.Spaces;
import dev.myelin.proto.engram.v1.StreamEventType;
import dev.myelin.proto.engram.v1.StreamRequest;
import dev.myelin.proto.engram.v1.StreamResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Follows what happens in a space. What changes belongs to the tail's loop.
public final class Tail implements AutoCloseable {
  private static final Set<String> FINAL =
      Set.of(
          MyelinException.UNAUTHENTICATED,
          MyelinException.PROTOCOL,
          "permission_denied",
          "invalid_request",
          "invalid_space",
          "unsupported");

  private final Network network;
  private final Loop loop;
  private final ClientOptions options;
  private final TailListener listener;
  private final String space;
  private final byte[] request;
  private final Backoff backoff;
  private final TailGaps gaps = new TailGaps();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Network.@Nullable Call call;

  Tail(
      Network network,
      ClientOptions options,
      String space,
      TailListener listener,
      Backoff backoff) {
    this.network = network;
    this.loop = network.loop();
    this.options = options;
    this.space = space;
    this.listener = listener;
    this.backoff = backoff;
    this.request =
        StreamRequest.newBuilder()
            .setMemorySpaceId(space)
            .addEventTypes(StreamEventType.STREAM_EVENT_TYPE_STORAGE)
            .build()
            .toByteArray();
  }

  void start() {
    loop.execute(this::follow);
  }

  /// Completes when the tail was closed; fails with the reason if it ended otherwise.
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void close() {
    ended.complete(null);
    loop.execute(() -> {
      if (call != null) {
        call.cancel();
      }
    });
  }

  private void follow() {
    if (ended.isDone()) {
      return;
    }
    Network.Call begun =
        network.call(
            "Stream",
            request,
            false,
            message -> take(MyelinClient.parse(StreamResponse.parser(), message)));
    call = begun;
    var _ = begun.done().whenComplete((_, failure) -> loop.execute(() -> again(failure)));
    loop.schedule(options.watchdog(), () -> watch(begun));
  }

  private void take(StreamResponse response) {
    SpaceEvent event = Spaces.event(response);
    loop.execute(() -> tell(event));
  }

  private void tell(SpaceEvent event) {
    backoff.reset();
    long missed = gaps.before(event);
    if (missed > 0) {
      listener.event(
          new SpaceEvent(
              SpaceEvent.Kind.MISSED, Instant.now(), space, "", "", 0, missed, Map.of()));
    }
    listener.event(event);
  }

  /// Asks for a sign of life at a steady pace, and gives the call up without one.
  private void watch(Network.Call watched) {
    if (ended.isDone() || watched.done().isDone()) {
      return;
    }
    CompletableFuture<Void> answer = watched.ping();
    loop.schedule(
        options.watchdog(),
        () -> {
          if (!answer.isDone()) {
            watched.cancel();
          } else {
            watch(watched);
          }
        });
  }

  private void again(@Nullable Throwable failure) {
    if (ended.isDone()) {
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    MyelinException reason =
        cause instanceof MyelinException known
            ? known
            : MyelinException.unavailable("The server ended the call.", cause);
    if (FINAL.contains(reason.code())) {
      ended.completeExceptionally(reason);
      return;
    }
    gaps.broke();
    Duration wait = backoff.next();
    listener.disconnected(reason, wait);
    loop.schedule(wait, this::follow);
  }
}
