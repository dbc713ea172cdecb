package dev.myelin.client.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a follower gets events from. One thread takes; any may close.
interface EventSource extends AutoCloseable {

  /// What came next.
  ///
  /// @param after where a reader stands once it has the events; null if they alone say so
  record Taken(List<ChannelEvent> events, @Nullable Position after) {}

  /// Waits for what comes after a position, or for a sign of life.
  ///
  /// @param position null for here and now
  /// @throws dev.myelin.client.model.MyelinException if the connection broke or the server refuses
  Taken take(@Nullable Position position);

  /// Forgets a connection that broke; the next take makes another.
  void drop();

  /// Wakes who waits.
  @Override
  void close();
}
