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
import dev.myelin.library.feed.FeedFollower;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/events/stream`: server-sent events (WHATWG HTML, section 9.2) of one library or of all.
///
/// The `id` of an event is what `Last-Event-ID` goes on after: of one library its offset, of all
/// libraries a [TenantCursor]. Without one a stream begins here and now.
public final class EventStreamRoutes {
  private static final String TYPE = "text/event-stream";
  private static final String RETRY = "retry: 2000\n\n";
  private static final String COMMENT = ": still here\n\n";
  private static final int TOGETHER = 64;

  private final LibraryService libraries;
  private final Duration commentInterval;

  /// @param commentInterval pause after which a stream says that it is alive
  public EventStreamRoutes(LibraryService libraries, Duration commentInterval) {
    this.libraries = libraries;
    this.commentInterval = commentInterval;
  }

  public List<Route> routes() {
    return List.of(Route.streamed("GET", "/v1/events/stream", this::stream));
  }

  private RestAnswer stream(RestRequest request) {
    EventFilter filter = EventFilter.of(request);
    String name = request.parameter("library_id");
    String last = request.header("last-event-id");
    if (last == null) {
      last = request.parameter("last_event_id"); // for pages, which cannot set the header
    }
    RestAnswer answer =
        name == null || name.isEmpty()
            ? ofAll(request.principal(), filter, last)
            : ofOne(readable(request.principal(), name), filter, last);
    return answer.withHeader("x-accel-buffering", "no");
  }

  private static SpaceId readable(Principal principal, String name) {
    return principal.require(Scope.READ, LibraryIds.of(principal.tenant(), name));
  }

  private RestAnswer ofOne(SpaceId library, EventFilter filter, @Nullable String last) {
    var _ = LibraryIds.info(libraries, library);
    ChangeFeed feed = libraries.feed();
    long since = last == null || last.isBlank() ? feed.end(library) : offset(last.strip());
    // Says now what could not be said once the stream has begun.
    var _ = FeedRoutes.read(feed, library, since, 1, filter.types());
    return RestAnswer.stream(
        TYPE,
        out -> {
          out.write(RETRY);
          try (FeedFollower follower = feed.follow(library, since, filter.types())) {
            while (true) {
              tell(follower.take(TOGETHER, commentInterval), out);
            }
          } catch (ServiceException e) {
            if (e.code() != ErrorCode.LIBRARY_NOT_FOUND) {
              throw e;
            }
            out.write(": the library was deleted\n\n");
          }
        });
  }

  private static long offset(String last) {
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

  private static void tell(List<LibraryEvent> events, AnswerStream out)
      throws InterruptedException {
    StringBuilder text = new StringBuilder();
    for (LibraryEvent event : events) {
      append(text, Long.toString(event.offset()), event);
    }
    out.write(text.isEmpty() ? COMMENT : text.toString());
  }

  private static void append(StringBuilder text, String id, LibraryEvent event) {
    byte[] json = JsonText.write(out -> EventJson.flattened(out, event));
    text.append("id: ")
        .append(id)
        .append("\nevent: ")
        .append(event.type())
        .append("\ndata: ")
        .append(new String(json, StandardCharsets.UTF_8))
        .append("\n\n");
  }

  private RestAnswer ofAll(Principal principal, EventFilter filter, @Nullable String last) {
    TenantCursor begin = last == null || last.isBlank() ? null : TenantCursor.parse(last.strip());
    return RestAnswer.stream(
        TYPE,
        out -> {
          out.write(RETRY);
          try (TenantFeed feed = new TenantFeed(libraries, principal, filter, begin)) {
            while (true) {
              List<TenantFeed.Told> some = feed.take(TOGETHER, commentInterval);
              StringBuilder text = new StringBuilder();
              for (TenantFeed.Told told : some) {
                append(text, told.id(), told.event());
              }
              out.write(text.isEmpty() ? COMMENT : text.toString());
            }
          }
        });
  }
}
