package dev.myelin.edge.grpc.channel;

import dev.myelin.edge.channel.ChannelFollower;
import dev.myelin.edge.channel.Told;
import dev.myelin.edge.grpc.Messages;
import dev.myelin.edge.grpc.SingleRequest;
import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.proto.myelin.v1.SubscribeRequest;
import dev.myelin.proto.myelin.v1.SubscribeResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Subscribe: a channel from a position on, until the client has enough.
///
/// A virtual thread follows the channel and hands what it took to the call's event loop, one batch
/// at a time; while the client does not read, it waits there.
final class ChannelSubscription extends SingleRequest<SubscribeRequest> {
  private static final Messages<SubscribeRequest> MESSAGES =
      Messages.of(SubscribeRequest.getDefaultInstance());
  private static final int TOGETHER = 64;

  /// How often it looks whether the channel is still the same one.
  private static final Duration PACE = Duration.ofSeconds(30);

  private final Call call;
  private final Principal principal;
  private final ChannelRpcs rpcs;
  private final AtomicReference<@Nullable Thread> following = new AtomicReference<>();
  private boolean cancelled;
  private @Nullable CompletableFuture<Void> room;

  private ChannelSubscription(Call call, ChannelRpcs rpcs) {
    super(MESSAGES);
    this.call = call;
    this.principal = call.principal();
    this.rpcs = rpcs;
  }

  static CallListener begin(Call call, ChannelRpcs rpcs) {
    return new ChannelSubscription(call, rpcs);
  }

  @Override
  protected void handle(SubscribeRequest request) {
    rpcs.blocking().execute(() -> run(request));
  }

  private void run(SubscribeRequest request) {
    following.set(Thread.currentThread());
    try (ChannelFollower follower = rpcs.follow(request, principal)) {
      write(List.of(ChannelForms.begun(follower)));
      while (!follower.isOver()) {
        List<Told> some = follower.take(TOGETHER, PACE);
        write(some.stream().map(ChannelForms::told).toList());
      }
      call.execute(call::end);
    } catch (ServiceException e) {
      call.execute(() -> call.fail(e));
    } catch (InterruptedException _) {
      // The call is over.
    } catch (TimeoutException _) {
      call.cut(slow());
    } finally {
      following.set(null);
      var _ = Thread.interrupted();
    }
  }

  private static ServiceException slow() {
    return new ServiceException(
        ErrorCode.OVERLOADED,
        "The client has read nothing for too long. Subscribe again, after what it has read.");
  }

  /// Waits until the client has room for more.
  private void write(List<SubscribeResponse> messages)
      throws InterruptedException, TimeoutException {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    try {
      call.context()
          .runOnContext(_ -> {
            if (cancelled || call.isOver()) {
              interrupt();
            } else {
              write(messages, taken);
            }
          });
    } catch (RejectedExecutionException _) {
      throw new InterruptedException("the call's event loop has ended");
    }
    try {
      var _ = taken.get(rpcs.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing completes it so", e);
    }
  }

  // ---- on the call's event loop

  private void write(List<SubscribeResponse> messages, CompletableFuture<Void> taken) {
    call.open();
    messages.forEach(call::write);
    call.flush();
    if (call.isFull()) {
      room = taken;
    } else {
      taken.complete(null);
    }
  }

  @Override
  public void writable() {
    CompletableFuture<Void> waiting = room;
    if (waiting != null) {
      room = null;
      waiting.complete(null);
    }
  }

  @Override
  public void cancelled() {
    cancelled = true;
    interrupt();
  }

  private void interrupt() {
    Thread thread = following.get();
    if (thread != null) {
      thread.interrupt();
    }
  }
}
