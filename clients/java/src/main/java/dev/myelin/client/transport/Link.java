package dev.myelin.client.transport;

import dev.myelin.client.model.MyelinException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/// One connection that carries the frames of an observation stream. Confined to its loop.
public interface Link {

  /// A buffer for one frame; must be given back with [#end(ByteBuf)] or [#discard(ByteBuf)].
  ByteBuf begin(int sizeHint);

  /// Queues the frame that was begun last.
  void end(ByteBuf frame);

  /// Forgets the frame that was begun last.
  void discard(ByteBuf frame);

  /// Sends what is queued.
  void flush();

  /// Whether the connection's write buffer is full: [Listener#writable()] tells of room.
  boolean isFull();

  /// Asks for a sign of life, which comes as [Listener#alive()].
  void ping();

  /// Ends the connection; the listener hears no more.
  void close();

  /// Hears what comes; on the loop.
  interface Listener {
    void connected(Link link);

    /// One frame, valid during the call.
    void received(ByteBuffer frame);

    /// The server answered a ping.
    void alive();

    void writable();

    /// The connection is gone, or could not be made; told once.
    void disconnected(MyelinException reason);
  }
}
