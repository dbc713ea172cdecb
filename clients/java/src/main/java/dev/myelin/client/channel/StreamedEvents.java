package dev.myelin.client.channel;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.ServerEvents;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.wire.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Events over server-sent events: one answer that does not end.
final class StreamedEvents implements EventSource {
  /// What a stream begins with.
  private static final String BEGUN = "channel.subscribed";

  private final Http http;
  private final Call call;
  private final AtomicReference<@Nullable ServerEvents> connection = new AtomicReference<>();
  private volatile boolean closed;

  StreamedEvents(Http http, Call call) {
    this.http = http;
    this.call = call.withHeader("accept", "text/event-stream");
  }

  @Override
  public Taken take(@Nullable Position position) {
    ServerEvents.Event event = connected(position).next(http.options().watchdog());
    if (event == null) {
      throw MyelinException.unavailable("The server ended the stream of events.", null);
    }
    JsonObject envelope = ChannelForms.parse(event.data());
    if (!envelope.text("type").equals(BEGUN)) {
      return new Taken(List.of(ChannelForms.event(envelope)), null);
    }
    JsonObject begun = envelope.object("payload");
    return new Taken(List.of(), new Position(begun.text("epoch"), begun.number("after")));
  }

  private ServerEvents connected(@Nullable Position position) {
    ServerEvents present = connection.get();
    if (present != null) {
      return present;
    }
    Call from =
        position == null
            ? call
            : call.with("epoch", position.epoch())
                .withHeader("last-event-id", Long.toString(position.offset()));
    ServerEvents made = new ServerEvents(http.open(from));
    connection.set(made);
    if (closed) {
      made.close();
    }
    return made;
  }

  @Override
  public void drop() {
    ServerEvents present = connection.getAndSet(null);
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    ServerEvents present = connection.get();
    if (present != null) {
      present.close();
    }
  }
}
