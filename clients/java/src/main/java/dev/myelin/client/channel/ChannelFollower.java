package dev.myelin.client.channel;

import dev.myelin.client.http.BreakListener;
import dev.myelin.client.http.Comeback;
import dev.myelin.client.http.Http;
import dev.myelin.client.model.MyelinException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Follows a channel live, each durable event once and in order, however often the connection
/// breaks.
///
/// **Resume.** Every new connection says where the follower stands, and the server goes on right
/// behind it. Keep [#position()] with what you made of the events, and a restarted program goes on
/// there. What is ephemeral comes while there is a connection, and is not made up for.
///
/// **Threads.** One thread calls [#next()]; any may call [#close()] and [#position()]. There is no
/// queue behind it but one answer: who reads slowly lets the server wait, within its bounds.
///
/// **Breaks.** A connection that broke, or gave no sign of life for
/// [dev.myelin.client.ClientOptions#watchdog()], is made anew with growing, random waits, for as
/// long as it takes. What no new connection would mend ends the follower.
public final class ChannelFollower implements AutoCloseable {
  private final EventSource source;
  private final Comeback comeback;
  private final Queue<ChannelEvent> waiting = new ArrayDeque<>();
  private volatile @Nullable Position position;
  private @Nullable Position afterwards;

  ChannelFollower(
      Http http, EventSource source, @Nullable Position position, BreakListener listener) {
    this.source = source;
    this.position = position;
    this.comeback = new Comeback(http, listener, "follower");
  }

  /// Where it stands: behind the event that was given last; null before a follower that began here
  /// and now has heard from the server.
  public @Nullable Position position() {
    return position;
  }

  /// The next event; waits for it.
  ///
  /// @throws dev.myelin.client.model.GoneException if the server does not keep what comes next any
  ///   more, or the channel was made anew: take its state from where it is kept, then follow again
  /// @throws dev.myelin.client.model.ProblemException if there is no such channel, or the
  ///   credential is not good for it
  /// @throws MyelinException CLOSED after [#close()], or if the thread was interrupted
  public ChannelEvent next() {
    while (true) {
      comeback.check();
      try {
        ChannelEvent event = waiting.poll();
        if (event == null) {
          advance();
          take();
        } else if (isNew(event)) {
          return event;
        }
      } catch (MyelinException e) {
        source.drop();
        comeback.broke(e);
      }
    }
  }

  /// All that was taken has been given.
  private void advance() {
    if (afterwards != null) {
      position = afterwards;
      afterwards = null;
    }
  }

  private void take() {
    EventSource.Taken taken = source.take(position);
    comeback.held();
    waiting.addAll(taken.events());
    afterwards = taken.after();
    if (waiting.isEmpty()) {
      advance();
    }
  }

  private boolean isNew(ChannelEvent event) {
    Position before = position;
    if (event.isEphemeral()) {
      return true;
    }
    if (before != null && event.offset() <= before.offset()) {
      return false;
    }
    Position after = afterwards == null ? before : afterwards;
    position = new Position(after == null ? "" : after.epoch(), event.offset());
    return true;
  }

  /// Ends it, and wakes who waits in [#next()].
  @Override
  public void close() {
    comeback.close();
    source.close();
  }
}
