package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.proto.engram.v1.StreamRequest;
import org.jspecify.annotations.Nullable;

/// Stream: what happens in a space from now on, until the client has enough.
final class ActivityStream extends SingleRequest<StreamRequest> {
  private static final Messages<StreamRequest> MESSAGES =
      Messages.of(StreamRequest.getDefaultInstance());

  private final Call call;
  private final Caller caller;
  private final GrpcServices services;
  private final int maxWaiting;
  private @Nullable ActivityFeed feed;

  private ActivityStream(Call call, GrpcServices services, int maxWaiting) {
    super(MESSAGES);
    this.call = call;
    this.caller = Caller.of(call);
    this.services = services;
    this.maxWaiting = maxWaiting;
  }

  static CallListener begin(Call call, GrpcServices services, int maxWaiting) {
    return new ActivityStream(call, services, maxWaiting);
  }

  /// The headers go out when the watching has begun, so that a client knows from when on it sees
  /// all.
  @Override
  protected void handle(StreamRequest request) {
    ActivityFeed begun =
        new ActivityFeed(
            call,
            caller.reads(request.getMemorySpaceId()),
            new ActivityFeed.Wanted(
                request.getEventTypesList(), request.getMinImportance(), maxWaiting),
            services.clock(),
            call::write);
    feed = begun;
    begun.open(services.memories());
    call.open();
  }

  @Override
  public void writable() {
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
