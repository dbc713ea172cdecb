package dev.myelin.edge.grpc.channel;

import com.google.protobuf.ByteString;
import dev.myelin.edge.channel.ChannelFollower;
import dev.myelin.edge.channel.Told;
import dev.myelin.edge.wire.Timestamps;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.proto.myelin.v1.ChannelEvent;
import dev.myelin.proto.myelin.v1.HistoryResponse;
import dev.myelin.proto.myelin.v1.Position;
import dev.myelin.proto.myelin.v1.SubscribeResponse;
import java.util.Objects;

/// Events of channels as protobuf.
final class ChannelForms {
  private ChannelForms() {}

  static ChannelEvent event(dev.myelin.live.channel.ChannelEvent event) {
    return ChannelEvent.newBuilder()
        .setId(event.id())
        .setChannel(event.channel().name())
        .setType(event.type())
        .setOffset(event.offset())
        .setTimestamp(Timestamps.of(event.at()))
        .setCorrelationId(Objects.requireNonNullElse(event.correlationId(), ""))
        .setPayloadBytes(ByteString.copyFrom(event.payload()))
        .setEphemeral(event.ephemeral())
        .build();
  }

  static SubscribeResponse told(Told event) {
    return SubscribeResponse.newBuilder().setEvent(event(event.event())).build();
  }

  static SubscribeResponse begun(ChannelFollower follower) {
    return SubscribeResponse.newBuilder()
        .setPosition(
            Position.newBuilder()
                .setChannel(follower.channel().name())
                .setEpoch(follower.epoch())
                .setOffset(follower.begin()))
        .build();
  }

  static HistoryResponse page(ChannelPage page) {
    HistoryResponse.Builder answer =
        HistoryResponse.newBuilder()
            .setEpoch(page.epoch())
            .setNext(page.next())
            .setHasMore(page.more());
    page.events().forEach(event -> answer.addEvents(event(event)));
    return answer.build();
  }
}
