package dev.myelin.edge.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ServerMessage;
import java.time.InstantSource;

/// The protobuf codec of one observation connection: gRPC messages and binary WebSocket frames.
///
/// It remembers the space of the last `init`, in which a recall looks that names none. Confined to
/// the connection's event loop.
public final class ObservationCodec {
  private final InstantSource clock;
  private SpaceId space;

  /// @param fallback the space of an `init` that names none
  public ObservationCodec(SpaceId fallback, InstantSource clock) {
    this.space = fallback;
    this.clock = clock;
  }

  /// Reads one `ObservationRequest`; what cannot be read becomes a message that says why. Keeps no
  /// reference to the bytes.
  public ClientMessage decode(byte[] bytes, int offset, int length) {
    EmbeddingCut cut = EmbeddingCut.of(bytes, offset, length);
    ObservationRequest request;
    try {
      request =
          cut == null
              ? ObservationRequest.parser().parseFrom(bytes, offset, length)
              : ObservationRequest.parser().parseFrom(cut.rest());
    } catch (InvalidProtocolBufferException _) {
      return new ClientMessage.Malformed(
          new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "Invalid protobuf: "
                  + length
                  + " bytes are not an engram.v1.ObservationRequest."
                  + " Check that the message was made from engram/v1/service.proto."));
    }
    ClientMessage message = new ObservationReader(space, clock).read(request, cut);
    if (message instanceof Init init) {
      space = init.space();
    }
    return message;
  }

  /// One `ObservationResponse`.
  public ObservationResponse encode(ServerMessage message) {
    return ObservationWriter.write(message, clock.instant());
  }
}
