package dev.myelin.edge.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.myelin.edge.grpc.call.Call;

/// The messages that an rpc takes.
///
/// @param <Q> their type
public final class Messages<Q extends Message> {
  private final Parser<? extends Message> parser;
  private final Q prototype;

  private Messages(Q prototype) {
    this.prototype = prototype;
    this.parser = prototype.getParserForType();
  }

  public static <Q extends Message> Messages<Q> of(Q prototype) {
    return new Messages<>(prototype);
  }

  /// Reads one.
  ///
  /// @throws dev.myelin.model.ServiceException INVALID_REQUEST if the bytes are no such message
  public Q read(byte[] bytes, int offset, int length) {
    try {
      @SuppressWarnings("unchecked") // A prototype's parser makes messages of the prototype's type.
      Q message = (Q) parser.parseFrom(bytes, offset, length);
      return message;
    } catch (InvalidProtocolBufferException _) {
      throw Call.unreadable(prototype.getDescriptorForType().getFullName());
    }
  }
}
