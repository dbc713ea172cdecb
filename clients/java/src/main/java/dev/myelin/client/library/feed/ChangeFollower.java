package dev.myelin.client.library.feed;

import dev.myelin.client.http.BreakListener;
import dev.myelin.client.http.Call;
import dev.myelin.client.http.Comeback;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.ServerEvents;
import dev.myelin.client.model.MyelinException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Follows the changes of a library live, over server-sent events: each change once, in order,
/// however often the connection breaks.
///
/// **Resume.** The last offset that was given goes with every new connection as `Last-Event-ID`,
/// and the server goes on right behind it. Keep [#offset()] with what you made of the changes, and
/// a restarted program goes on there. One direction is all that a follower needs, so there is no
/// subscription to make first, and no change can come between the connection and the subscription,
/// as on a WebSocket.
///
/// **Threads.** One thread calls [#next()]; any may call [#close()] and [#offset()]. There is no
/// thread and no queue behind it: who reads slowly lets the server wait, within its bounds.
///
/// **Breaks.** A connection that broke, or gave no sign of life for
/// [dev.myelin.client.ClientOptions#watchdog()] (the server gives one every 15 seconds), is made
/// anew with growing, random waits, for as long as it takes. What no new connection would mend ends
/// the follower.
public final class ChangeFollower implements AutoCloseable {
  private final Http http;
  private final Call call;
  private final Comeback comeback;
  private final AtomicReference<@Nullable ServerEvents> connection = new AtomicReference<>();
  private volatile long offset;
  private long connectedAt;

  ChangeFollower(Http http, Call call, long after, BreakListener listener) {
    this.http = http;
    this.call = call;
    this.offset = after;
    this.comeback = new Comeback(http, listener, "follower");
  }

  /// The offset of the change that was given last, or that it began after.
  public long offset() {
    return offset;
  }

  /// The next change; waits for it.
  ///
  /// @throws dev.myelin.client.model.GoneException if the server does not keep what comes next any
  ///   more: read the documents anew
  /// @throws dev.myelin.client.model.ProblemException if there is no such library (any more), or
  ///   the key is not good for it
  /// @throws MyelinException CLOSED after [#close()], or if the thread was interrupted
  public Change next() {
    while (true) {
      comeback.check();
      try {
        ServerEvents events = connected();
        ServerEvents.Event event = events.next(http.options().watchdog());
        if (event == null) {
          throw MyelinException.unavailable("The server ended the stream of changes.", null);
        }
        Change change = ChangeForms.change(event.data());
        if (change.offset() > offset) {
          comeback.held();
          offset = change.offset();
          return change;
        }
      } catch (MyelinException e) {
        broke(e);
      }
    }
  }

  private ServerEvents connected() {
    ServerEvents present = connection.get();
    if (present != null) {
      return present;
    }
    Call from = call.withHeader("last-event-id", Long.toString(offset));
    ServerEvents made = new ServerEvents(http.open(from.withHeader("accept", "text/event-stream")));
    connection.set(made);
    if (comeback.isClosed()) {
      made.close();
    }
    connectedAt = System.nanoTime();
    return made;
  }

  private void broke(MyelinException reason) {
    ServerEvents present = connection.getAndSet(null);
    if (present != null) {
      present.close();
      if (System.nanoTime() - connectedAt > http.options().watchdog().toNanos()) {
        comeback.held(); // it was good for a while
      }
    }
    comeback.broke(reason);
  }

  /// Ends it, and wakes who waits in [#next()].
  @Override
  public void close() {
    comeback.close();
    ServerEvents present = connection.get();
    if (present != null) {
      present.close();
    }
  }
}
