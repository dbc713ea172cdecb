package dev.myelin.client.wire;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.client.model.RecallQuery;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/// One wire form of an observation stream. Stateless; any thread.
public interface Codec {

  /// Whether frames are text.
  boolean isText();

  void init(ByteBuf out, Opening opening);

  void observation(
      ByteBuf out, Observation observation, String id, long sequence, Priority priority);

  /// About how many bytes the frame of an observation takes.
  int sizeOf(Observation observation);

  /// Asks the server to refuse observations, or to take them again.
  void pause(ByteBuf out, boolean paused);

  void recall(ByteBuf out, String requestId, RecallQuery query);

  /// Ends the session once everything is settled.
  void close(ByteBuf out);

  /// Reads one frame of the server.
  ///
  /// @throws MyelinException PROTOCOL if the frame cannot be read
  Reply decode(ByteBuffer frame);
}
