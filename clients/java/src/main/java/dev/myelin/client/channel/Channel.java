package dev.myelin.client.channel;

import dev.myelin.client.http.BreakListener;
import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.Paged;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One channel. Immutable; any thread.
public final class Channel {
  private static final int PAGE = 500;
  private static final BreakListener NOBODY = (_, _) -> {};

  private final Http http;
  private final String path;

  Channel(Http http, String path) {
    this.http = http;
    this.path = path;
  }

  /// Says something; done when it is durable, and every reader hears it or can read it.
  ///
  /// It is sent again when the connection breaks or the server has no room, under the event's id:
  /// it is said once. An ephemeral one is sent once.
  ///
  /// @throws dev.myelin.client.model.ProblemException 404 if there is no such channel for this
  ///   credential, 403 if it may not say this, 409 if the id was used for something else
  public Published publish(NewEvent event) {
    String id = event.id() == null ? UUID.randomUUID().toString() : event.id();
    Call call = Call.post(path, ChannelForms.of(event));
    Call sent = event.ephemeral() ? call : call.withIdempotencyKey(id);
    return ChannelForms.published(http.send(sent).json());
  }

  /// Where the channel stands now: what comes later comes behind this.
  public Position position() {
    EventPage page = page(null, 1);
    return new Position(page.epoch(), page.lastOffset());
  }

  /// All events that are kept, from the oldest on, until there are no more.
  public Paged<ChannelEvent> history() {
    return since(null);
  }

  /// All events after a position, until there are no more.
  ///
  /// Going through them throws a [dev.myelin.client.model.GoneException] if what comes next is not
  /// kept any more.
  ///
  /// @param position null for the oldest that is kept
  public Paged<ChannelEvent> since(@Nullable Position position) {
    return new Paged<>(cursor -> {
      EventPage page = page(cursor == null ? position : cursor(cursor), PAGE);
      return new Paged.Page<>(
          page.events(), page.hasMore() ? page.next() + " " + page.epoch() : null);
    });
  }

  private static Position cursor(String text) {
    int space = text.indexOf(' ');
    return new Position(text.substring(space + 1), Long.parseLong(text.substring(0, space)));
  }

  /// One page of events.
  ///
  /// @param after null for the oldest that is kept
  /// @param limit how many at most, 1 to 1 000
  /// @throws dev.myelin.client.model.GoneException if what comes next is not kept any more, or the
  ///   channel has another epoch
  public EventPage page(@Nullable Position after, int limit) {
    return ChannelForms.page(http.send(at(after).with("limit", limit)).json());
  }

  private Call at(@Nullable Position after) {
    Call call = Call.get(path);
    return after == null ? call : call.with("after", after.offset()).with("epoch", after.epoch());
  }

  /// Follows the channel live over server-sent events. See [ChannelFollower].
  ///
  /// @param after null for here and now
  public ChannelFollower follow(@Nullable Position after) {
    return follow(after, NOBODY);
  }

  /// Follows the channel live, and tells when the connection broke.
  public ChannelFollower follow(@Nullable Position after, BreakListener listener) {
    return new ChannelFollower(http, new StreamedEvents(http, Call.get(path)), after, listener);
  }

  /// Follows the channel by long polling, for networks that hold streams back; what is ephemeral
  /// does not come.
  ///
  /// @param after null for here and now
  /// @param wait how long the server may wait with one answer, at most 60 s
  public ChannelFollower poll(@Nullable Position after, Duration wait, BreakListener listener) {
    return new ChannelFollower(http, new PolledEvents(http, Call.get(path), wait), after, listener);
  }
}
