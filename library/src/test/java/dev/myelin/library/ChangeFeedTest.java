package dev.myelin.library;

import static dev.myelin.library.LibraryFixture.turning;
import static dev.myelin.library.LibraryServiceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedConfig;
import dev.myelin.library.feed.FeedFollower;
import dev.myelin.library.feed.FeedListener;
import dev.myelin.library.feed.FeedMessage;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.library.feed.FeedStats;
import dev.myelin.live.broker.Message;
import dev.myelin.live.broker.Receiver;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SpaceId;
import dev.myelin.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The change feed: read, listened to, followed, kept.
final class ChangeFeedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

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

  private void add(String id) {
    fixture.service.add(library, turning(id, 2, 0), Cause.NONE);
  }

  private static List<String> types(List<LibraryEvent> events) {
    return events.stream().map(LibraryEvent::type).toList();
  }

  /// What a listener heard.
  private static final class Heard implements FeedListener {
    private final BlockingQueue<LibraryEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Cause> causes = new LinkedBlockingQueue<>();
    private final CountDownLatch deleted = new CountDownLatch(1);

    @Override
    public void event(LibraryEvent event, Cause cause) {
      causes.add(cause);
      events.add(event);
    }

    @Override
    public void libraryDeleted() {
      deleted.countDown();
    }

    LibraryEvent next() throws InterruptedException {
      @Nullable LibraryEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(event).isNotNull();
      return event;
    }
  }

  @Test
  void readsEventsPageByPageAndAfterARestart() {
    for (int i = 0; i < 5; i++) {
      add("doc-" + i);
    }
    for (int round = 0; round < 2; round++) {
      List<LibraryEvent> all = new ArrayList<>();
      long cursor = 0;
      FeedPage page;
      do {
        page = feed().read(library, cursor, 2, Set.of());
        assertThat(page.events()).hasSizeLessThanOrEqualTo(2);
        all.addAll(page.events());
        cursor = page.next();
      } while (page.more());
      assertThat(cursor).isEqualTo(feed().end(library));
      assertThat(all).hasSize(6);
      long previous = 0;
      for (LibraryEvent event : all) {
        assertThat(event.previous()).isEqualTo(previous);
        assertThat(UUID.fromString(event.eventId())).isNotNull();
        assertThat(event.at()).isEqualTo(fixture.now);
        previous = event.offset();
      }
      FeedPage added = feed().read(library, 0, 100, Set.of(EventType.LIBRARY_CREATED));
      assertThat(types(added.events())).containsExactly(EventType.LIBRARY_CREATED);
      assertThat(added.events().getFirst().data())
          .containsEntry("library_id", "papers")
          .containsEntry("name", "Library papers");
      fixture.restart();
    }
  }

  @Test
  void tellsListenersWhatHappensFromNowOnAndWhoCausedIt() throws Exception {
    add("before");
    Heard heard = new Heard();
    Heard everywhere = new Heard();
    Heard elsewhere = new Heard();
    Heard deletions = new Heard();
    Object token = new Object();
    Subscription all = feed().subscribeAll("default", everywhere);
    Subscription none = feed().subscribeAll("other", elsewhere);
    Subscription one = feed().subscribe(library, heard);
    Subscription some = feed().subscribe(library, Set.of(EventType.DOCUMENT_DELETED), deletions);
    fixture.service.add(library, turning("doc", 2, 0), new Cause(token));
    assertThat(heard.next().data()).containsEntry("document_id", "doc");
    assertThat(heard.causes.take().token()).isSameAs(token);
    fixture.service.delete(library, "doc", null, Cause.NONE);
    assertThat(deletions.next().type()).isEqualTo(EventType.DOCUMENT_DELETED);
    assertThat(heard.next().previous()).isNotZero();
    FeedStats stats = feed().stats();
    assertThat(stats.subscriberCount()).isEqualTo(2);
    assertThat(stats.published()).isEqualTo(4);
    assertThat(stats.errors()).isZero();
    one.close();
    one.close();
    fixture.service.delete(library, Cause.NONE);
    assertThat(deletions.deleted.await(60, TimeUnit.SECONDS)).isTrue();
    SpaceId other = fixture.library("other");
    for (String type :
        List.of(
            EventType.DOCUMENT_ADDED,
            EventType.DOCUMENT_DELETED,
            EventType.LIBRARY_DELETED,
            EventType.LIBRARY_CREATED)) {
      LibraryEvent event = everywhere.next();
      assertThat(event.type()).isEqualTo(type);
      assertThat(event.library())
          .isEqualTo(type.equals(EventType.LIBRARY_CREATED) ? other : library);
    }
    assertThat(heard.events).isEmpty();
    assertThat(elsewhere.events).isEmpty();
    some.close();
    all.close();
    none.close();
    assertThat(feed().stats().subscribers()).isEmpty();
    assertRefused(() -> feed().subscribe(library, heard), ErrorCode.LIBRARY_NOT_FOUND, "papers");
  }

  @Test
  void goesOnWhenAListenerFails() throws Exception {
    Heard heard = new Heard();
    try (Subscription bad =
            feed()
                .subscribe(
                    library,
                    (event, cause) -> {
                      throw new IllegalStateException("a bug");
                    });
        Subscription good = feed().subscribe(library, heard)) {
      assertThat(bad).isNotSameAs(good);
      add("doc");
      assertThat(heard.next().type()).isEqualTo(EventType.DOCUMENT_ADDED);
      assertThat(feed().stats().errors()).isEqualTo(1);
    }
  }

  @Test
  void followsFromACursorOnAndThenLive() throws Exception {
    add("one");
    add("two");
    try (FeedFollower follower = feed().follow(library, 0, Set.of())) {
      List<LibraryEvent> events = new ArrayList<>(follower.take(2, PATIENCE));
      assertThat(events).hasSize(2);
      events.addAll(follower.take(10, PATIENCE));
      assertThat(follower.take(10, Duration.ZERO)).isEmpty();
      for (int i = 0; i < 20; i++) {
        add("live-" + i);
      }
      while (events.size() < 23) {
        events.addAll(follower.take(7, PATIENCE));
      }
      assertThat(events).isEqualTo(feed().read(library, 0, 100, Set.of()).events());
      assertThat(follower.cursor()).isEqualTo(events.getLast().offset());
      fixture.service.delete(library, Cause.NONE);
      assertThat(types(follower.take(10, PATIENCE))).containsExactly(EventType.LIBRARY_DELETED);
      assertRefused(() -> follower.take(10, PATIENCE), ErrorCode.LIBRARY_NOT_FOUND, "papers");
    }
  }

  @Test
  void letsGoOfOldEventsAndSaysSo() {
    fixture.close();
    FeedConfig small =
        new FeedConfig(Duration.ofHours(1), 5, 16, Duration.ofMillis(50), Duration.ofMinutes(1));
    fixture = new LibraryFixture(folder, null, LibraryFixture.with(small));
    for (int i = 0; i < 10; i++) {
      add("doc-" + i);
    }
    List<LibraryEvent> all = feed().read(library, 0, 100, Set.of()).events();
    assertThat(all).hasSize(11);
    feed().trim();
    for (int round = 0; round < 2; round++) {
      List<LibraryEvent> kept = feed().read(library, 0, 100, Set.of()).events();
      assertThat(kept).isEqualTo(all.subList(6, 11));
      long oldest = feed().oldest(library);
      assertThat(oldest).isEqualTo(all.get(5).offset());
      assertThat(feed().read(library, oldest, 100, Set.of()).events()).isEqualTo(kept);
      assertRefused(
          () -> feed().read(library, oldest - 1, 100, Set.of()),
          ErrorCode.GONE,
          "the oldest offset is " + oldest);
      fixture.restart();
    }
    assertRefused(
        () -> feed().follow(library, feed().end(library) + 1, Set.of()), ErrorCode.GONE, "offset");
    fixture.now = fixture.now.plus(Duration.ofHours(2));
    add("young");
    feed().trim();
    assertThat(types(feed().read(library, 0, 100, Set.of()).events()))
        .containsExactly(EventType.DOCUMENT_ADDED);
    assertThat(fixture.service.find(library).orElseThrow().documents()).isEqualTo(11);
    fixture.service.delete(library, Cause.NONE);
    assertThat(feed().deletions(null)).hasSize(1);
    fixture.now = fixture.now.plus(Duration.ofHours(2));
    feed().trim();
    assertThat(feed().deletions(null)).isEmpty();
  }

  @Test
  void tellsOfStreamedMemoriesOnlyWhenAsked() throws Exception {
    Set<String> both = Set.of(EventType.MEMORY_ADDED, EventType.DOCUMENT_ADDED);
    fixture.stream(library, "early");
    Heard heard = new Heard();
    Heard deaf = new Heard();
    try (Subscription asked = feed().subscribe(library, both, heard);
        Subscription others = feed().subscribe(library, deaf);
        FeedFollower follower = feed().follow(library, 0, both)) {
      assertThat(asked).isNotSameAs(others);
      fixture.stream(library, "one");
      fixture.stream(library, "two");
      add("doc");
      fixture.stream(library, "three");
      assertThat(texts(heard, 3)).containsExactly("one", "two", "doc", "three");
      List<String> followed = new ArrayList<>();
      while (followed.size() < 5) {
        follower.take(10, PATIENCE).forEach(event -> followed.addAll(texts(event)));
      }
      assertThat(followed).containsExactly("early", "one", "two", "doc", "three");
    }
    assertThat(types(List.of(deaf.next()))).containsExactly(EventType.DOCUMENT_ADDED);
    assertThat(deaf.events).isEmpty();
    fixture.restart();
    List<String> read = new ArrayList<>();
    long cursor = 0;
    FeedPage page;
    do {
      page = feed().read(library, cursor, 1, both);
      page.events().forEach(event -> read.addAll(texts(event)));
      cursor = page.next();
    } while (page.more());
    assertThat(read).containsExactly("early", "one", "two", "doc", "three");
  }

  @Test
  void aFollowerMissesNothingWhereOthersAskForMemories() throws Exception {
    Heard heard = new Heard();
    Set<String> both = Set.of(EventType.MEMORY_ADDED, EventType.DOCUMENT_ADDED);
    try (Subscription asked = feed().subscribe(library, both, heard);
        FeedFollower follower = feed().follow(library, feed().end(library), Set.of())) {
      assertThat(asked).isNotNull();
      add("one");
      fixture.stream(library, "a memory");
      assertThat(texts(heard, 1)).containsExactly("one", "a memory");
      add("two");
      List<LibraryEvent> followed = new ArrayList<>();
      while (followed.size() < 2) {
        followed.addAll(follower.take(10, PATIENCE));
      }
      assertThat(followed.stream().flatMap(event -> texts(event).stream()))
          .containsExactly("one", "two");
    }
  }

  @Test
  void tellsAnotherProcessTheSame() throws Exception {
    List<Message> messages = new CopyOnWriteArrayList<>();
    Heard heard = new Heard();
    try (Subscription listening = feed().subscribe(library, heard);
        Subscription hearing =
            fixture.broker.subscribe(
                ChannelId.ofLibrary(library),
                new Receiver() {
                  @Override
                  public void receive(Message message) {
                    messages.add(message);
                  }

                  @Override
                  public void missed() {}
                })) {
      assertThat(listening).isNotSameAs(hearing);
      add("doc");
      LibraryEvent event = heard.next();
      Eventually.until("the message came", () -> !messages.isEmpty());
      Message told = messages.getFirst();
      assertThat(FeedMessage.of(told)).isEqualTo(new FeedMessage(event, Cause.NONE));
      Message abroad =
          new Message(
              told.channel(),
              told.type(),
              told.offset(),
              told.previous(),
              told.at(),
              told.body(),
              null);
      assertThat(FeedMessage.of(abroad)).isEqualTo(FeedMessage.of(told));
    }
  }

  private static List<String> texts(Heard heard, int atLeastMemories) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    while (texts.size() < atLeastMemories + 1) {
      texts.addAll(texts(heard.next()));
    }
    return texts;
  }

  private static List<String> texts(LibraryEvent event) {
    if (event.data().get("memories") instanceof List<?> memories) {
      return memories.stream()
          .map(memory -> String.valueOf(((Map<?, ?>) memory).get("text")))
          .toList();
    }
    return List.of(String.valueOf(event.data().get("document_id")));
  }

  @Test
  void publishesWhatGoesWithNoOtherChange() {
    long offset = feed().publish(library, "job.started", Map.of("job_id", "j1"), Cause.NONE);
    LibraryEvent event =
        feed().read(library, offset - 1, 10, Set.of("job.started")).events().getFirst();
    assertThat(event.offset()).isEqualTo(offset);
    assertThat(event.data()).isEqualTo(Map.of("job_id", "j1"));
    assertRefused(
        () -> feed().publish(SpaceId.parse("nowhere"), "job.started", Map.of(), Cause.NONE),
        ErrorCode.LIBRARY_NOT_FOUND,
        "nowhere");
  }
}
