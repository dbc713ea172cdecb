package dev.myelin.library;

import static dev.myelin.library.LibraryFixture.turning;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.FeedFollower;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.Page;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writers and subscribers that come and go, and restarts between: no gap, no repeat, one order,
/// and every event says what became of the documents.
final class RandomFeedTest {
  private static final int ROUNDS = 3;
  private static final int WRITERS = 4;
  private static final int STEPS = 140;
  private static final int BATCH = 6;

  @TempDir Path folder;

  @Test
  void tellsEveryChangeOnceInOrder() throws Exception {
    Seed seed = Seed.of("RandomFeedTest");
    Random random = seed.random();
    LibraryFixture fixture = new LibraryFixture(folder);
    SpaceId library = fixture.library("papers");
    List<List<LibraryEvent>> followed = new ArrayList<>();
    long[] cursors = new long[3];
    for (int i = 0; i < cursors.length; i++) {
      followed.add(new ArrayList<>());
    }
    for (int round = 0; round < ROUNDS; round++) {
      round(fixture, library, random, followed, cursors);
      fixture.restart();
    }
    try (fixture) {
      List<LibraryEvent> all = all(fixture, library);
      assertThat(all).as("%s", seed).hasSizeGreaterThan(5_000);
      assertChained(all);
      for (List<LibraryEvent> events : followed) {
        assertThat(events).as("%s", seed).isEqualTo(all);
      }
      assertThat(state(all)).as("%s", seed).isEqualTo(documents(fixture, library));
      LibraryInfo info = fixture.service.find(library).orElseThrow();
      assertThat(info.documents()).isEqualTo(state(all).size());
      assertThat(info.passages())
          .isEqualTo(state(all).values().stream().mapToInt(Integer::intValue).sum());
    }
  }

  private static void round(
      LibraryFixture fixture,
      SpaceId library,
      Random random,
      List<List<LibraryEvent>> followed,
      long[] cursors)
      throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<LibraryEvent> heard = Collections.synchronizedList(new ArrayList<>());
    long from = fixture.service.feed().end(library);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Subscription listening =
            fixture.service.feed().subscribe(library, (event, cause) -> heard.add(event))) {
      List<Future<?>> followers = new ArrayList<>();
      for (int i = 0; i < cursors.length; i++) {
        int number = i;
        long seed = random.nextLong();
        followers.add(
            threads.submit(() ->
                follow(
                    fixture,
                    library,
                    new Random(seed),
                    followed.get(number),
                    cursors,
                    number,
                    done)));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        String name = "w" + i;
        long seed = random.nextLong();
        writers.add(threads.submit(() -> write(fixture, library, new Random(seed), name)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      done.set(true);
      for (Future<?> follower : followers) {
        follower.get();
      }
      long end = fixture.service.feed().end(library);
      while (heard.isEmpty() || heard.getLast().offset() < end) {
        Thread.onSpinWait();
      }
      assertThat(listening).isNotNull();
    }
    List<LibraryEvent> since =
        all(fixture, library).stream().filter(event -> event.offset() > from).toList();
    assertThat(heard).isEqualTo(since);
  }

  /// Follows for a while, goes, comes back where it was, until all is written and read.
  private static boolean follow(
      LibraryFixture fixture,
      SpaceId library,
      Random random,
      List<LibraryEvent> events,
      long[] cursors,
      int number,
      AtomicBoolean done)
      throws InterruptedException {
    boolean last = false;
    while (!last) {
      last = done.get();
      try (FeedFollower follower =
          fixture.service.feed().follow(library, cursors[number], Set.of())) {
        List<LibraryEvent> some;
        int rounds = random.nextInt(20);
        do {
          some = follower.take(1 + random.nextInt(50), Duration.ofMillis(5));
          events.addAll(some);
        } while (last ? !some.isEmpty() : rounds-- > 0);
        cursors[number] = follower.cursor();
      }
    }
    return true;
  }

  private static boolean write(
      LibraryFixture fixture, SpaceId library, Random random, String name) {
    List<String> mine = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int dice = mine.isEmpty() ? 0 : random.nextInt(10);
      String id = mine.isEmpty() ? "" : mine.get(random.nextInt(mine.size()));
      if (dice < 4) {
        List<NewDocument> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          batch.add(turning(name + "-" + random.nextLong(), 1 + random.nextInt(3), 0));
        }
        for (DocumentResult result : fixture.service.addAll(library, batch, Cause.NONE)) {
          mine.add(result.orThrow().id());
        }
      } else if (dice < 7) {
        NewPassage passage = new NewPassage("again", LibraryFixture.vector(0, 1));
        var _ =
            fixture.service.update(
                library, id, DocumentPatch.ofPassages(List.of(passage)), Cause.NONE);
      } else {
        fixture.service.delete(library, id, null, Cause.NONE);
        mine.remove(id);
      }
    }
    return true;
  }

  private static List<LibraryEvent> all(LibraryFixture fixture, SpaceId library) {
    List<LibraryEvent> all = new ArrayList<>();
    long cursor = 0;
    FeedPage page;
    do {
      page = fixture.service.feed().read(library, cursor, 500, Set.of());
      all.addAll(page.events());
      cursor = page.next();
    } while (page.more());
    return all;
  }

  private static void assertChained(List<LibraryEvent> events) {
    Set<String> ids = new HashSet<>();
    long previous = 0;
    for (LibraryEvent event : events) {
      assertThat(event.previous()).isEqualTo(previous);
      assertThat(event.offset()).isGreaterThan(previous);
      assertThat(ids.add(event.eventId())).isTrue();
      previous = event.offset();
    }
  }

  /// What documents there are, and how many passages each has, as the events tell it.
  private static Map<String, Integer> state(List<LibraryEvent> events) {
    Map<String, Integer> documents = new HashMap<>();
    for (LibraryEvent event : events) {
      String id = String.valueOf(event.data().get("document_id"));
      int passages = event.data().get("num_chunks") instanceof Number count ? count.intValue() : 0;
      switch (event.type()) {
        case EventType.DOCUMENT_ADDED -> assertThat(documents.put(id, passages)).isNull();
        case EventType.DOCUMENT_UPDATED -> assertThat(documents.put(id, passages)).isNotNull();
        case EventType.DOCUMENT_DELETED -> assertThat(documents.remove(id)).isEqualTo(passages);
        default -> assertThat(id).isEqualTo("null");
      }
    }
    return documents;
  }

  private static Map<String, Integer> documents(LibraryFixture fixture, SpaceId library) {
    Map<String, Integer> documents = new HashMap<>();
    String cursor = null;
    do {
      Page<DocumentInfo> page = fixture.service.documents(library, 100, cursor);
      for (DocumentInfo document : page.items()) {
        documents.put(document.id(), document.passageCount());
        assertThat(fixture.service.document(library, document.id(), false).orElseThrow().passages())
            .hasSize(document.passageCount());
      }
      cursor = page.next();
    } while (cursor != null);
    return documents;
  }
}
