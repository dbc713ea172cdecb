/// `myelin.v1.ChannelService`: channels over gRPC, for back ends.
@NullMarked
package dev.myelin.edge.grpc.channel;

import org.jspecify.annotations.NullMarked;
