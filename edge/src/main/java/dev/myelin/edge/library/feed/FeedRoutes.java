package dev.myelin.edge.library.feed;

import dev.myelin.edge.library.LibraryIds;
import dev.myelin.edge.rest.AnswerStream;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.LibraryService;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.library.feed.FeedStats;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.List;
import java.util.Set;

/// What changed in a library: as pages, and as lines.
public final class FeedRoutes {
  private static final int MAX_LIMIT = 1_000;
  private static final int DEFAULT_LIMIT = 100;

  private final LibraryService libraries;

  public FeedRoutes(LibraryService libraries) {
    this.libraries = libraries;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/libraries/{library_id}/changes", this::changes),
        Route.of("GET", "/v1/events/stats", this::statistics));
  }

  private RestAnswer changes(RestRequest request) {
    SpaceId library = LibraryIds.info(libraries, LibraryIds.of(request)).id();
    long since = request.number("since", 0, Long.MAX_VALUE, 0);
    EventFilter filter = EventFilter.of(request);
    ChangeFeed feed = libraries.feed();
    if (request.prefers(RestAnswer.NDJSON)) {
      long end = feed.end(library);
      FeedPage first = read(feed, library, since, MAX_LIMIT, filter.types());
      return RestAnswer.stream(
          RestAnswer.NDJSON, out -> lines(feed, library, first, end, filter.types(), out));
    }
    int limit = (int) request.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    FeedPage page = read(feed, library, since, limit, filter.types());
    long end = feed.end(library);
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("changes");
      for (LibraryEvent event : page.events()) {
        EventJson.event(json, event);
      }
      json.writeEndArray();
      json.writeNumberField("next_since", page.next());
      json.writeNumberField("last_offset", Math.max(end, page.next()));
      json.writeBooleanField("has_more", page.more());
      json.writeEndObject();
    });
  }

  /// A page of a feed.
  ///
  /// @throws RestException 410 with the oldest offset, if the cursor is older than what is kept
  static FeedPage read(ChangeFeed feed, SpaceId library, long since, int limit, Set<String> types) {
    try {
      return feed.read(library, since, limit, types);
    } catch (ServiceException e) {
      throw e.code() == ErrorCode.GONE ? gone(feed, library, e) : e;
    }
  }

  static RestException gone(ChangeFeed feed, SpaceId library, ServiceException e) {
    return RestException.of(410, ErrorCode.GONE, e.text())
        .withMember("oldest_offset", feed.oldest(library));
  }

  /// All that there was when the request came.
  private static void lines(
      ChangeFeed feed,
      SpaceId library,
      FeedPage first,
      long end,
      Set<String> types,
      AnswerStream out)
      throws InterruptedException {
    FeedPage page = first;
    while (true) {
      for (LibraryEvent event : page.events()) {
        out.write(JsonText.line(json -> EventJson.event(json, event)));
      }
      if (!page.more() || page.next() >= end) {
        return;
      }
      page = feed.read(library, page.next(), MAX_LIMIT, types);
    }
  }

  /// They tell of all tenants together.
  private RestAnswer statistics(RestRequest request) {
    if (!request.principal().isRoot()) {
      throw new ServiceException(
          ErrorCode.PERMISSION_DENIED,
          "These figures are for whoever runs the server. Send the server's own key.");
    }
    FeedStats stats = libraries.feed().stats();
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeNumberField("total_published", stats.published());
      json.writeNumberField("total_delivered", stats.delivered());
      json.writeNumberField("total_errors", stats.errors());
      json.writeNumberField("pending_events", stats.pending());
      json.writeNumberField("subscriber_count", stats.subscriberCount());
      json.writeBooleanField("running", true);
      json.writeEndObject();
    });
  }
}
