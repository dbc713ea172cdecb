package dev.myelin.edge.channel;

import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.Form;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.live.channel.Published;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/channels/.../events`: says something on a channel, and tells what was said as a page, as a
/// page that is waited for, or as a stream.
public final class ChannelRoutes {
  private static final String ONE = "/v1/channels/{channel_type}/{channel_id}/events";
  private static final String GLOBAL = "/v1/channels/{channel_type}/events";
  private static final int MAX_LIMIT = 1_000;
  private static final int DEFAULT_LIMIT = 100;

  private final ChannelDesk desk;
  private final ChannelSource source;
  private final Duration commentInterval;

  /// @param commentInterval pause after which a stream says that it is alive
  public ChannelRoutes(ChannelDesk desk, Duration commentInterval) {
    this.desk = desk;
    this.source = desk.source();
    this.commentInterval = commentInterval;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("POST", ONE, this::publish).answeringRepeats(),
        Route.of("POST", GLOBAL, this::publish).answeringRepeats(),
        Route.streamed("GET", ONE, this::events),
        Route.streamed("GET", GLOBAL, this::events));
  }

  /// @throws ServiceException INVALID_CHANNEL if no channel can have that name
  private static ChannelId channel(RestRequest request) {
    String id = request.path().getOrDefault("channel_id", "");
    return ChannelId.of(request.tenant(), request.value("channel_type"), id);
  }

  // ---- saying something

  private RestAnswer publish(RestRequest request) {
    ChannelId named = channel(request);
    byte[] body = request.bytes(Publication.MAX_BYTES);
    Publication wanted = Publication.read(body, request.header("idempotency-key"));
    Principal principal = request.principal();
    ChannelId channel = ChannelAccess.said(principal, source, named, wanted.type());
    if (wanted.ephemeral()) {
      desk.tell(channel, wanted, principal);
      return RestAnswer.json(
          202,
          json -> {
            json.writeStartObject();
            json.writeStringField("channel", channel.name());
            json.writeBooleanField("ephemeral", true);
            json.writeEndObject();
          });
    }
    Published published = desk.publish(channel, wanted, principal);
    RestAnswer answer =
        RestAnswer.json(
            201,
            json -> {
              json.writeStartObject();
              json.writeStringField("id", published.eventId());
              json.writeStringField("channel", channel.name());
              json.writeNumberField("offset", published.offset());
              json.writeStringField("epoch", published.epoch());
              json.writeBooleanField("duplicate", published.duplicate());
              json.writeEndObject();
            });
    return published.duplicate() ? answer.withHeader("idempotency-replayed", "true") : answer;
  }

  // ---- telling what was said

  private RestAnswer events(RestRequest request) {
    ChannelId channel = ChannelAccess.heard(request.principal(), source, channel(request));
    try {
      return request.prefers(ServerEvents.TYPE) ? stream(request, channel) : page(request, channel);
    } catch (ServiceException e) {
      throw Position.told(e, source, channel);
    }
  }

  private RestAnswer stream(RestRequest request, ChannelId channel) {
    String last = request.header("last-event-id");
    Long after = last == null || last.isBlank() ? offset(request) : offset(last.strip());
    // Says now what could not be said once the answer has begun.
    Position from = Position.of(after, request.parameter("epoch")).fixed(source, channel);
    return RestAnswer.stream(
            ServerEvents.TYPE,
            out ->
                new ServerEvents(channel, out, commentInterval)
                    .write(() -> desk.follow(channel, from)))
        .withHeader("x-accel-buffering", "no");
  }

  private static @Nullable Long offset(RestRequest request) {
    return request.parameter("after") == null
        ? null
        : Long.valueOf(request.number("after", 0, Long.MAX_VALUE, 0));
  }

  private static Long offset(String last) {
    try {
      long offset = Long.parseLong(last);
      if (offset >= 0) {
        return offset;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw RestException.invalid("Last-Event-ID", "is no offset (expected: the id of an event).");
  }

  /// Without a cursor, who waits begins here and now; who does not, with the oldest that is kept.
  private RestAnswer page(RestRequest request, ChannelId channel) {
    int limit = (int) request.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    Duration wait = Waits.of(request.parameter("wait"));
    Position position = Position.of(offset(request), request.parameter("epoch"));
    if (wait.isZero()) {
      return answer(channel, position.read(source, channel, limit));
    }
    long after = position.offset(source.end(channel).offset());
    try {
      LongPoll.Wanted wanted = new LongPoll.Wanted(position, after, limit);
      LongPoll.Patience patience = new LongPoll.Patience(wait, request.gone());
      return answer(channel, LongPoll.read(desk, channel, wanted, patience));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return answer(channel, position.read(source, channel, after, limit));
    }
  }

  private RestAnswer answer(ChannelId channel, ChannelPage page) {
    long end = Math.max(source.end(channel).offset(), page.next());
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeStringField("channel", channel.name());
      json.writeStringField("epoch", page.epoch());
      json.writeArrayFieldStart("events");
      for (ChannelEvent event : page.events()) {
        Envelopes.event(json, event, Form.ENVELOPE, false);
      }
      json.writeEndArray();
      json.writeNumberField("next", page.next());
      json.writeNumberField("last_offset", end);
      json.writeBooleanField("has_more", page.more());
      json.writeEndObject();
    });
  }
}
