package dev.myelin.library;

import static dev.myelin.library.LibraryFixture.turning;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.document.Passage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedFollower;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.live.broker.Subscription;
import dev.myelin.memory.ForgetMode;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.model.MemoryId;
import dev.myelin.model.SpaceId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What documents' events say of their passages: where it stands, and that every way to read a feed
/// tells the same of it.
final class ChunkEventsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Without memories, as events are read by their table.
  private static final Set<String> EVENTS =
      Set.of(
          EventType.DOCUMENT_ADDED,
          EventType.DOCUMENT_UPDATED,
          EventType.DOCUMENT_DELETED,
          EventType.CHUNK_ADDED,
          EventType.CHUNK_DELETED);

  /// With memories, as the whole stream is read.
  private static final Set<String> ALL = Set.copyOf(EventType.NAMES);

  @TempDir Path folder;
  private LibraryFixture fixture;
  private SpaceId library;

  @BeforeEach
  void open() {
    fixture = new LibraryFixture(folder);
    library = fixture.library("papers");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private ChangeFeed feed() {
    return fixture.service.feed();
  }

  private DocumentInfo add(String id, int passages) {
    return fixture.service.add(library, turning(id, passages, 0), Cause.NONE);
  }

  private void update(String id, int passages) {
    List<NewPassage> again = turning(id, passages, 1).passages();
    var _ = fixture.service.update(library, id, DocumentPatch.ofPassages(again), Cause.NONE);
  }

  private void delete(String id) {
    fixture.service.delete(library, id, null, Cause.NONE);
  }

  /// A library's life: memories between documents, changes of all kinds.
  private void live() {
    add("one", 3);
    fixture.stream(library, "seen early");
    add("two", 1);
    update("one", 5);
    fixture.stream(library, "seen late");
    update("one", 1);
    delete("two");
    delete("one");
    add("three", 2);
  }

  /// All from a cursor on, page by page, but memories, which are bundled one way or another.
  private List<LibraryEvent> read(long since, int limit, Set<String> types) {
    List<LibraryEvent> events = new ArrayList<>();
    long cursor = since;
    FeedPage page;
    do {
      page = feed().read(library, cursor, limit, types);
      assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
      page.events().stream().filter(event -> EVENTS.contains(event.type())).forEach(events::add);
      cursor = page.next();
    } while (page.more());
    return events;
  }

  private static LibraryEvent event(String type, long offset, Map<String, @Nullable Object> data) {
    return new LibraryEvent(SpaceId.parse("papers"), offset, 7, "an id", type, data, Instant.EPOCH);
  }

  private static List<String> said(List<LibraryEvent> events) {
    return events.stream()
        .map(event -> event.type() + " " + event.offset() + " " + event.data().get("count"))
        .toList();
  }

  @Test
  void standsWhereThePassagesAre() {
    LibraryEvent added =
        event(EventType.DOCUMENT_ADDED, 20, Map.of("document_id", "d", "num_chunks", 3));
    LibraryEvent updated =
        event(EventType.DOCUMENT_UPDATED, 30, Map.of("num_chunks", 2L, "chunks_deleted", 4));
    LibraryEvent deleted =
        event(EventType.DOCUMENT_DELETED, 40, Map.of("num_chunks", 2, "chunks_deleted", 2));

    assertThat(said(ChunkEvents.expand(added))).containsExactly("chunk.added 19 3");
    assertThat(said(ChunkEvents.expand(updated)))
        .containsExactly("chunk.deleted 27 4", "chunk.added 29 2");
    assertThat(said(ChunkEvents.expand(deleted))).containsExactly("chunk.deleted 39 2");
    assertThat(List.of(added, updated, deleted))
        .extracting(ChunkEvents::start)
        .containsExactly(16L, 23L, 37L);
    assertThat(said(ChunkEvents.before(updated, EVENTS, 27))).containsExactly("chunk.added 29 2");
    assertThat(ChunkEvents.told(updated, Set.of(), 0)).containsExactly(updated);
    LibraryEvent one = ChunkEvents.expand(added).getFirst();
    assertThat(one.previous()).isEqualTo(7);
    assertThat(one.data()).containsEntry("document_id", "d");
    assertThat(one).isEqualTo(ChunkEvents.expand(added).getFirst());
    assertThat(ChunkEvents.expand(updated))
        .extracting(LibraryEvent::eventId)
        .doesNotHaveDuplicates()
        .doesNotContain("an id");
  }

  @Test
  void saysNothingWhereNothingCameOrWent() {
    assertThat(
            ChunkEvents.expand(
                event(EventType.DOCUMENT_UPDATED, 9, Map.of("num_chunks", 0, "chunks_deleted", 0))))
        .isEmpty();
    assertThat(ChunkEvents.expand(event(EventType.DOCUMENT_DELETED, 9, Map.of("num_chunks", 2))))
        .isEmpty();
    assertThat(ChunkEvents.expand(event(EventType.JOB_CREATED, 9, Map.of("num_chunks", 2))))
        .isEmpty();
  }

  @Test
  void countsOnRecordsThatStandRightBeforeTheEvent() {
    live();
    Map<Long, Integer> kinds = new HashMap<>();
    for (JournalRecord record :
        fixture.journal.read(StreamName.of(library), 1, PageLimit.DEFAULT).records()) {
      kinds.put(record.offset(), (int) record.kind());
    }
    List<LibraryEvent> documents = feed().read(library, 0, 100, Set.of()).events();
    assertThat(documents).hasSize(8);
    for (LibraryEvent event : documents.subList(1, 8)) {
      List<Integer> before = new ArrayList<>();
      for (long offset = ChunkEvents.start(event) + 1; offset < event.offset(); offset++) {
        before.add(kinds.get(offset));
      }
      List<Integer> expected = new ArrayList<>();
      for (LibraryEvent chunks : ChunkEvents.expand(event)) {
        boolean came = chunks.type().equals(EventType.CHUNK_ADDED);
        RecordKind kind = came ? RecordKind.REMEMBERED : RecordKind.FORGOTTEN;
        int count = Integer.parseInt(String.valueOf(chunks.data().get("count")));
        expected.addAll(Collections.nCopies(count, (int) kind.code()));
        assertThat(chunks.offset()).isEqualTo(ChunkEvents.start(event) + expected.size());
      }
      assertThat(before).as("%s", event).isNotEmpty().isEqualTo(expected);
    }
  }

  @Test
  void tellsTheSameFromEveryCursorAndInPagesOfAnySize() {
    live();
    List<LibraryEvent> all = read(0, 1_000, EVENTS);
    assertThat(all)
        .extracting(LibraryEvent::type)
        .containsExactly(
            "chunk.added",
            "document.added",
            "chunk.added",
            "document.added",
            "chunk.deleted",
            "chunk.added",
            "document.updated",
            "chunk.deleted",
            "chunk.added",
            "document.updated",
            "chunk.deleted",
            "document.deleted",
            "chunk.deleted",
            "document.deleted",
            "chunk.added",
            "document.added");
    assertThat(all).extracting(LibraryEvent::offset).isSorted().doesNotHaveDuplicates();
    assertThat(new HashSet<>(all.stream().map(LibraryEvent::eventId).toList())).hasSize(16);
    long end = feed().end(library);
    for (long since = 0; since <= end; since++) {
      long from = since;
      List<LibraryEvent> rest = all.stream().filter(event -> event.offset() > from).toList();
      for (int limit = 1; limit < 5; limit++) {
        assertThat(read(since, limit, EVENTS)).as("%s %s", since, limit).isEqualTo(rest);
        assertThat(read(since, limit, ALL)).as("%s %s", since, limit).isEqualTo(rest);
      }
    }
    assertThat(feed().read(library, 0, 100, Set.of()).events())
        .extracting(LibraryEvent::type)
        .doesNotContain("chunk.added", "chunk.deleted");
    fixture.restart();
    assertThat(read(0, 1_000, ALL)).isEqualTo(all);
  }

  @Test
  void missesNothingWhereAPageEndsAmongPassages() {
    int page = 4_096;
    for (int i = 0; i < 5; i++) {
      add("doc-" + i, 900);
    }
    update("doc-0", 3);
    List<LibraryEvent> all = read(0, 1_000, EVENTS);
    assertThat(all).hasSize(13);
    for (LibraryEvent chunks : all) {
      if (ChunkEvents.TYPES.contains(chunks.type()) && chunks.offset() > page) {
        long since = chunks.offset() - page;
        FeedPage cut = feed().read(library, since, 1_000, ALL);
        assertThat(cut.next()).isEqualTo(chunks.offset());
        assertThat(cut.events().getLast()).isEqualTo(chunks);
        assertThat(read(since, 1_000, ALL))
            .isEqualTo(all.stream().filter(event -> event.offset() > since).toList());
      }
    }
    assertThat(all.getLast().offset()).isGreaterThan(page + 900);
  }

  @Test
  void tellsListenersAndFollowersAsItHappens() throws Exception {
    BlockingQueue<LibraryEvent> heard = new LinkedBlockingQueue<>();
    BlockingQueue<LibraryEvent> deaf = new LinkedBlockingQueue<>();
    Object token = new Object();
    try (Subscription asked =
            feed()
                .subscribe(
                    library,
                    EVENTS,
                    (event, cause) -> {
                      if (token.equals(cause.token()) || !event.type().equals("chunk.added")) {
                        heard.add(event);
                      }
                    });
        Subscription others = feed().subscribe(library, (event, _) -> deaf.add(event));
        FeedFollower follower = feed().follow(library, feed().end(library), EVENTS)) {
      assertThat(asked).isNotSameAs(others);
      fixture.service.add(library, turning("one", 3, 0), new Cause(token));
      var _ =
          fixture.service.update(
              library,
              "one",
              DocumentPatch.ofPassages(turning("one", 2, 1).passages()),
              new Cause(token));
      delete("one");
      List<LibraryEvent> all = read(0, 100, EVENTS);
      assertThat(all).hasSize(7);
      for (LibraryEvent event : all) {
        assertThat(follower.take(1, PATIENCE)).containsExactly(event);
        assertThat(follower.cursor()).isEqualTo(event.offset());
        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(event);
      }
      assertThat(heard).isEmpty();
      for (String type : List.of("document.added", "document.updated", "document.deleted")) {
        @Nullable LibraryEvent event = deaf.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        assertThat(event.type()).isEqualTo(type);
      }
    }
  }

  @Test
  void doesNotCountWhatWasForgottenByItself() {
    List<String> ids = new ArrayList<>();
    for (String id : List.of("half", "all")) {
      ids.addAll(add(id, 2).passages().stream().map(Passage::id).toList());
    }
    List<MemoryId> gone = ids.subList(1, 4).stream().map(MemoryId::new).toList();
    assertThat(fixture.engine.forget(library, gone, ForgetMode.DELETE)).isEqualTo(3);
    long since = feed().end(library);
    delete("half");
    delete("all");

    List<LibraryEvent> told = read(since, 100, EVENTS);
    assertThat(told)
        .extracting(LibraryEvent::type)
        .containsExactly("chunk.deleted", "document.deleted", "document.deleted");
    assertThat(told.getFirst().data()).containsEntry("count", 1L);
  }
}
