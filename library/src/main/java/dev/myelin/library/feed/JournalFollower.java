package dev.myelin.library.feed;

import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows a library: what is recent from memory, what is older from the journal.
final class JournalFollower implements FeedFollower {
  private final SpaceId library;
  private final Set<String> types;
  private final FeedReader reader;
  private final FeedHub hub;
  private final Topic topic;
  private final Subscription memories;
  private long cursor;
  private boolean told;
  private boolean closed;

  JournalFollower(SpaceId library, long since, Set<String> types, FeedReader reader, FeedHub hub) {
    this.library = library;
    this.types = Set.copyOf(types);
    this.reader = reader;
    this.hub = hub;
    topic = hub.followed(library);
    memories = hub.gather(library, this.types);
    cursor = since;
  }

  @Override
  public List<LibraryEvent> take(int max, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long seen = topic.signals();
      FeedPage page = next(max);
      if (page != null && (!page.events().isEmpty() || page.more())) {
        cursor = page.next();
        if (!page.events().isEmpty()) {
          return page.events();
        }
        continue;
      }
      if (page != null) {
        cursor = Math.max(cursor, page.next());
      }
      LibraryEvent last = topic.last();
      if (last != null) {
        return last(last);
      }
      if (!topic.await(seen, Duration.ofNanos(deadline - System.nanoTime()))) {
        if (page == null) {
          throw ChangeFeed.unknown(library);
        }
        return List.of();
      }
    }
  }

  /// Null if the library is gone.
  private @Nullable FeedPage next(int max) {
    if (!types.contains(EventType.MEMORY_ADDED)) {
      List<LibraryEvent> recent = topic.after(cursor, max);
      if (recent != null) {
        List<LibraryEvent> wanted =
            recent.stream()
                .filter(event -> !event.type().equals(EventType.LIBRARY_DELETED))
                .flatMap(event -> ChunkEvents.told(event, types, cursor).stream())
                .toList();
        if (wanted.size() > max) {
          return new FeedPage(wanted.subList(0, max), wanted.get(max - 1).offset(), true);
        }
        long next = recent.isEmpty() ? cursor : recent.getLast().offset();
        return new FeedPage(wanted, next, recent.size() == max);
      }
    }
    try {
      return reader.read(library, cursor, max, types);
    } catch (ServiceException e) {
      if (e.code() == ErrorCode.LIBRARY_NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private List<LibraryEvent> last(LibraryEvent event) {
    if (told || !EventType.isWanted(event.type(), types)) {
      throw ChangeFeed.unknown(library);
    }
    told = true;
    cursor = event.offset();
    return List.of(event);
  }

  @Override
  public long cursor() {
    return cursor;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memories.close();
      hub.left(topic);
    }
  }
}
