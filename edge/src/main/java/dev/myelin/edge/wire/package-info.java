/// Protobuf and back: the messages of `engram.v1` as words of the house, for gRPC and for binary
/// WebSocket frames alike.
///
/// The door for observation streams is [ObservationCodec]; the other classes convert one word each.
@NullMarked
package dev.myelin.edge.wire;

import org.jspecify.annotations.NullMarked;
