package dev.myelin.edge.grpc.channel;

import dev.myelin.edge.channel.ChannelAccess;
import dev.myelin.edge.channel.ChannelDesk;
import dev.myelin.edge.channel.Position;
import dev.myelin.edge.channel.Publication;
import dev.myelin.edge.grpc.Caller;
import dev.myelin.edge.grpc.GrpcModule;
import dev.myelin.edge.grpc.Replies;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.live.channel.Published;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.proto.myelin.v1.ChannelProto;
import dev.myelin.proto.myelin.v1.HistoryRequest;
import dev.myelin.proto.myelin.v1.HistoryResponse;
import dev.myelin.proto.myelin.v1.PublishRequest;
import dev.myelin.proto.myelin.v1.PublishResponse;
import dev.myelin.proto.myelin.v1.SubscribeRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Publish and History; [ChannelSubscription] is Subscribe.
public final class ChannelRpcs {
  private static final String SERVICE = "myelin.v1.ChannelService";
  private static final int MAX_LIMIT = 1_000;
  private static final int DEFAULT_LIMIT = 100;

  private final ChannelDesk desk;
  private final Executor blocking;
  private final Duration patience;

  /// @param blocking runs what may block, a virtual thread each
  /// @param patience how long a client may read nothing
  public ChannelRpcs(ChannelDesk desk, Executor blocking, Duration patience) {
    this.desk = desk;
    this.blocking = blocking;
    this.patience = patience;
  }

  public GrpcModule module() {
    return new GrpcModule(
        ChannelProto.getDescriptor(),
        SERVICE,
        Map.of(
            "Publish",
            Replies.unary(PublishRequest.getDefaultInstance(), this::publish),
            "History",
            Replies.unary(HistoryRequest.getDefaultInstance(), this::history),
            "Subscribe",
            call -> ChannelSubscription.begin(call, this)));
  }

  private CompletableFuture<PublishResponse> publish(PublishRequest request, Caller caller) {
    Principal principal = caller.principal();
    Publication wanted = read(request);
    ChannelId named = ChannelId.parse(principal.tenant(), request.getChannel());
    return CompletableFuture.supplyAsync(() -> publish(named, wanted, principal), blocking);
  }

  private PublishResponse publish(ChannelId named, Publication wanted, Principal principal) {
    ChannelId channel = ChannelAccess.said(principal, desk.source(), named, wanted.type());
    if (wanted.ephemeral()) {
      desk.tell(channel, wanted, principal);
      return PublishResponse.newBuilder().setChannel(channel.name()).build();
    }
    Published published = desk.publish(channel, wanted, principal);
    return PublishResponse.newBuilder()
        .setId(published.eventId())
        .setChannel(channel.name())
        .setOffset(published.offset())
        .setEpoch(published.epoch())
        .setDuplicate(published.duplicate())
        .build();
  }

  private static Publication read(PublishRequest request) {
    byte[] payload = request.getPayloadBytes().toByteArray();
    try {
      return Publication.of(
          request.getType(),
          payload,
          request.getCorrelationId(),
          request.getId(),
          request.getEphemeral());
    } catch (JsonFailure e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, e.text());
    }
  }

  private CompletableFuture<HistoryResponse> history(HistoryRequest request, Caller caller) {
    ChannelId named = ChannelId.parse(caller.principal().tenant(), request.getChannel());
    int limit = request.getLimit() == 0 ? DEFAULT_LIMIT : request.getLimit();
    if (limit < 1 || limit > MAX_LIMIT || request.getAfter() < 0) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "limit: "
              + limit
              + ", after: "
              + request.getAfter()
              + " (expected: 1 to "
              + MAX_LIMIT
              + ", and 0 or more).");
    }
    Position position =
        Position.of(request.hasAfter() ? request.getAfter() : null, request.getEpoch());
    return CompletableFuture.supplyAsync(
        () -> {
          ChannelId channel = ChannelAccess.heard(caller.principal(), desk.source(), named);
          return ChannelForms.page(position.read(desk.source(), channel, limit));
        },
        blocking);
  }

  // ---- for subscriptions

  /// @throws ServiceException NOT_FOUND, GONE
  dev.myelin.edge.channel.ChannelFollower follow(SubscribeRequest request, Principal principal) {
    ChannelId named = ChannelId.parse(principal.tenant(), request.getChannel());
    ChannelId channel = ChannelAccess.heard(principal, desk.source(), named);
    if (request.getAfter() < 0) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "after: " + request.getAfter() + " (expected: 0 or more).");
    }
    return desk.follow(
        channel, Position.of(request.hasAfter() ? request.getAfter() : null, request.getEpoch()));
  }

  Executor blocking() {
    return blocking;
  }

  Duration patience() {
    return patience;
  }
}
