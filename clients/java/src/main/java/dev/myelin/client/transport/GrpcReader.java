package dev.myelin.client.transport;

import dev.myelin.client.model.MyelinException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Takes the messages out of a gRPC byte stream: each follows a flag byte and its length in four.
///
/// One thread. Holds at most one unfinished message, of bounded size.
final class GrpcReader {
  static final int PREFIX_BYTES = 5;

  private final int maxMessageBytes;
  private final Consumer<ByteBuffer> messages;
  private final ByteBuf unfinished = Unpooled.buffer(0);

  GrpcReader(int maxMessageBytes, Consumer<ByteBuffer> messages) {
    this.maxMessageBytes = maxMessageBytes;
    this.messages = messages;
  }

  /// Takes the next bytes, and hands over the messages that end in them.
  ///
  /// @throws MyelinException PROTOCOL if a message is too long or compressed
  void read(ByteBuf bytes) {
    if (!unfinished.isReadable()) {
      take(bytes);
      if (bytes.isReadable()) {
        unfinished.clear().writeBytes(bytes);
      }
      return;
    }
    unfinished.writeBytes(bytes);
    take(unfinished);
    unfinished.discardReadBytes();
  }

  private void take(ByteBuf bytes) {
    while (bytes.readableBytes() >= PREFIX_BYTES) {
      int start = bytes.readerIndex();
      long length = bytes.getUnsignedInt(start + 1);
      if (bytes.getByte(start) != 0 || length > maxMessageBytes) {
        throw new MyelinException(
            MyelinException.PROTOCOL,
            "The server sent a message that is compressed, or longer than "
                + maxMessageBytes
                + " bytes.",
            null);
      }
      if (bytes.readableBytes() < PREFIX_BYTES + length) {
        return;
      }
      bytes.skipBytes(PREFIX_BYTES + (int) length);
      messages.accept(bytes.nioBuffer(start + PREFIX_BYTES, (int) length));
    }
  }
}
