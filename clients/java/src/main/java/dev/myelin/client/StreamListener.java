package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import java.time.Duration;

/// Hears how a stream fares. Called on the stream's own thread: it must be quick and must not
/// block.
public interface StreamListener {

  /// Hears nothing.
  StreamListener NONE = new StreamListener() {};

  /// There is a connection.
  ///
  /// @param settled the last number the server has settled in this session
  /// @param resumed whether the session went on; false for a new one
  default void connected(String session, long settled, boolean resumed) {}

  /// The connection broke; the next attempt follows after the wait.
  default void disconnected(MyelinException reason, Duration wait) {}

  /// The server told how full it is.
  ///
  /// @param pressure 0 to 1
  /// @param window how many observations the stream now keeps in flight at most
  default void pressure(float pressure, int window) {}

  /// A text has its embedding now; only if the stream asked for it.
  default void indexed(long sequence, String memoryId) {}
}
