package dev.myelin.edge.grpc;

import com.google.protobuf.MessageLite;
import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.edge.wire.Timestamps;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.FlowStatus;
import dev.myelin.proto.engram.v1.MemoryFlowRequest;
import dev.myelin.proto.engram.v1.MemoryFlowResponse;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.RememberRequest;
import dev.myelin.proto.engram.v1.StreamResponse;
import dev.myelin.proto.engram.v1.StreamSubscription;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// MemoryFlow: remember, recall and subscribe on one call. Answers come in the order of the
/// requests, events between them; a refused request is answered by a status and the call goes on. A
/// recall sees everything remembered before it on the call.
final class MemoryFlow implements CallListener {
  private static final Messages<MemoryFlowRequest> MESSAGES =
      Messages.of(MemoryFlowRequest.getDefaultInstance());

  private final Call call;
  private final Caller caller;
  private final GrpcServices services;
  private final GrpcOptions options;
  private final Remembering remembering;
  private final Recalling recalling;
  private final ReplyQueue replies;
  private String sessionId = "";
  private boolean paused;
  private @Nullable ActivityFeed feed;

  private MemoryFlow(Call call, GrpcServices services, GrpcOptions options) {
    this.call = call;
    this.caller = Caller.of(call);
    this.services = services;
    this.options = options;
    this.remembering = new Remembering(services.memories());
    this.recalling = new Recalling(services);
    this.replies = new ReplyQueue(call, options.maxWaitingRequests());
  }

  static CallListener begin(Call call, GrpcServices services, GrpcOptions options) {
    call.open();
    return new MemoryFlow(call, services, options);
  }

  @Override
  public void message(byte[] bytes, int offset, int length) {
    MemoryFlowRequest request = MESSAGES.read(bytes, offset, length);
    if (!request.getSessionId().isEmpty()) {
      sessionId = request.getSessionId();
    }
    switch (request.getRequestCase()) {
      case REMEMBER -> remember(request, inSpace(request.getRemember(), request));
      case RECALL -> recall(request, inSpace(request.getRecall(), request));
      case SUBSCRIBE -> inTurn(request, () -> subscribe(request));
      case CONTROL -> inTurn(request, () -> control(request.getControl()));
      case REQUEST_NOT_SET ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "Empty request: the message has none of remember, recall, subscribe, control."
                  + " Set one of them.");
    }
  }

  private static RememberRequest inSpace(RememberRequest inner, MemoryFlowRequest outer) {
    return inner.getMemorySpaceId().isEmpty()
        ? inner.toBuilder().setMemorySpaceId(outer.getMemorySpaceId()).build()
        : inner;
  }

  private static RecallRequest inSpace(RecallRequest inner, MemoryFlowRequest outer) {
    return inner.getMemorySpaceId().isEmpty()
        ? inner.toBuilder().setMemorySpaceId(outer.getMemorySpaceId()).build()
        : inner;
  }

  private void remember(MemoryFlowRequest request, RememberRequest remember) {
    replies.add(
        () ->
            remembering
                .remember(remember, caller)
                .thenApply(answer -> response(request).setRememberResult(answer).build()),
        refusal -> refused(request, refusal));
  }

  private void recall(MemoryFlowRequest request, RecallRequest recall) {
    replies.addInTurn(
        () ->
            recalling
                .recall(recall, caller)
                .thenApply(answer -> response(request).setRecallResult(answer).build()),
        refusal -> refused(request, refusal));
  }

  private void inTurn(MemoryFlowRequest request, Supplier<FlowStatus> step) {
    Function<FlowStatus, MessageLite> answer =
        status -> response(request).setStatus(status).build();
    replies.addInTurn(
        () -> CompletableFuture.completedFuture(answer.apply(step.get())),
        refusal -> refused(request, refusal));
  }

  private FlowStatus subscribe(MemoryFlowRequest request) {
    StreamSubscription subscription = request.getSubscribe();
    if (feed != null) {
      feed.close();
    }
    int asked = subscription.getBufferSize();
    ActivityFeed begun =
        new ActivityFeed(
            call,
            caller.reads(request.getMemorySpaceId()),
            new ActivityFeed.Wanted(
                subscription.getEventTypesList(),
                subscription.getMinImportance(),
                asked > 0
                    ? Math.min(asked, options.maxWaitingEvents())
                    : options.maxWaitingEvents()),
            services.clock(),
            this::event);
    feed = begun;
    begun.hold(paused);
    begun.open(services.memories());
    return status(state(), "Events of the space follow from now on.").build();
  }

  private FlowStatus control(FlowControl control) {
    switch (control.getAction()) {
      case ACTION_PAUSE -> hold(true);
      case ACTION_RESUME -> hold(false);
      case ACTION_SLOW_DOWN, ACTION_SPEED_UP, ACTION_BUFFER_STATUS -> {
        // Events follow the transport's flow control, which knows better how fast the client reads.
      }
      case ACTION_UNSPECIFIED, UNRECOGNIZED ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "Unknown flow control action: "
                  + control.getActionValue()
                  + " (expected: pause, resume, slow_down, speed_up or buffer_status)."
                  + " Set one of them.");
    }
    return status(state(), paused ? "Events are held back." : "Events flow.").build();
  }

  private void hold(boolean hold) {
    paused = hold;
    if (feed != null) {
      feed.hold(hold);
    }
  }

  private FlowStatus.State state() {
    return paused ? FlowStatus.State.STATE_PAUSED : FlowStatus.State.STATE_ACTIVE;
  }

  private void refused(MemoryFlowRequest request, ServiceException refusal) {
    FlowStatus.Builder status =
        status(FlowStatus.State.STATE_ERROR, refusal.text())
            .putMetrics("code", refusal.code().name().toLowerCase(Locale.ROOT));
    if (refusal.retryAfter() != null) {
      status.putMetrics("retry_after_ms", Long.toString(refusal.retryAfter().toMillis()));
    }
    call.write(response(request).setStatus(status).build());
  }

  private FlowStatus.Builder status(FlowStatus.State state, String text) {
    return FlowStatus.newBuilder()
        .setState(state)
        .setMessage(text)
        .setLastActivity(Timestamps.of(services.clock().instant()));
  }

  private MemoryFlowResponse.Builder response(MemoryFlowRequest request) {
    return MemoryFlowResponse.newBuilder()
        .setSessionId(sessionId)
        .setSequenceNumber(request.getSequenceNumber())
        .setTimestamp(Timestamps.of(services.clock().instant()));
  }

  private void event(StreamResponse event) {
    call.write(
        MemoryFlowResponse.newBuilder()
            .setSessionId(sessionId)
            .setTimestamp(Timestamps.of(services.clock().instant()))
            .setEvent(event)
            .build());
  }

  @Override
  public void halfClosed() {
    if (feed == null) {
      replies.endWhenAnswered();
    }
  }

  @Override
  public void writable() {
    replies.advance();
    if (feed != null) {
      feed.drain();
    }
  }

  @Override
  public void cancelled() {
    if (feed != null) {
      feed.close();
    }
  }
}
