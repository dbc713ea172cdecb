package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.RetryPolicy;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.feed.Change;
import dev.myelin.client.library.feed.ChangeFollower;
import dev.myelin.client.library.feed.ChangePage;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.library.model.NewPassage;
import dev.myelin.client.model.GoneException;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.ProblemException;
import dev.myelin.testkit.CuttingProxy;
import dev.myelin.testkit.Eventually;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Following the changes of a library, over connections that break.
@Timeout(180)
class ChangeFollowerIT {
  private static final String LIBRARY = "papers";
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(50), Duration.ofMinutes(1));

  @TempDir private Path folder;

  private static LibraryClient client(int port) {
    return LibraryClient.connect(
        URI.create("http://127.0.0.1:" + port), LibraryClientIT.PATIENT.withRetry(QUICK));
  }

  private static void create(LibraryClient client) {
    var _ = client.libraries().create(NewLibrary.named("Papers").withId(LIBRARY));
  }

  /// False while the one before is being deleted.
  private static boolean isCreated(LibraryClient client) {
    try {
      create(client);
      return true;
    } catch (ProblemException e) {
      if (e.status() == 503) {
        return false;
      }
      throw e;
    }
  }

  private static void add(LibraryClient client, int number) {
    var _ =
        client
            .documents(LIBRARY)
            .add(
                NewDocument.ofPassages(
                        "T" + number, List.of(NewPassage.of("text", new float[] {1, 0})))
                    .withId("d" + number));
  }

  @Test
  void tellsEachChangeOnceHoweverOftenTheConnectionBreaks() throws Exception {
    int count = 400;
    AtomicInteger breaks = new AtomicInteger();
    try (TestServer server = TestServer.open(folder);
        CuttingProxy proxy = CuttingProxy.to(server.port());
        LibraryClient writer = client(server.port());
        LibraryClient reader = client(proxy.port())) {
      create(writer);
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
              add(writer, i);
            }
          });
      List<Change> told = new ArrayList<>();
      try (ChangeFollower follower =
          reader
              .changes(LIBRARY)
              .only("document.added")
              .follow(0, (_, _) -> breaks.incrementAndGet())) {
        while (told.size() < count) {
          told.add(follower.next());
          if (told.size() % 25 == 0) {
            proxy.cut();
          }
        }
        assertThat(follower.offset()).isEqualTo(told.getLast().offset());
      }
      written.join();

      assertThat(told).extracting(Change::offset).isSorted().doesNotHaveDuplicates();
      assertThat(told)
          .extracting(change -> change.data().get("document_id"))
          .containsExactlyElementsOf(expectedIds(count));
      assertThat(breaks).hasPositiveValue();
      assertThat(writer.changes(LIBRARY).only("document.added").since(0).toList()).isEqualTo(told);
    }
  }

  private static List<String> expectedIds(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("d" + i);
    }
    return ids;
  }

  @Test
  void goesOnAfterTheServerCameBackElsewhere() throws Exception {
    try (TestServer server = TestServer.open(folder);
        CuttingProxy proxy = CuttingProxy.to(server.port());
        LibraryClient client = client(proxy.port());
        ChangeFollower follower = client.changes(LIBRARY).only("document.*").follow(0)) {
      create(client);
      add(client, 1);
      assertThat(follower.next().data()).containsEntry("document_id", "d1");

      server.restart();
      proxy.forwardTo(server.port());
      try (LibraryClient writer = client(server.port())) {
        add(writer, 2);
      }

      assertThat(follower.next().data()).containsEntry("document_id", "d2");
    }
  }

  @Test
  void readsPagesFromWhereOneStood() {
    try (TestServer server = TestServer.open(folder);
        LibraryClient client = client(server.port())) {
      create(client);
      long before = client.changes(LIBRARY).lastOffset();
      for (int i = 0; i < 7; i++) {
        add(client, i);
      }

      ChangePage page = client.changes(LIBRARY).page(before, 3);

      assertThat(page.changes()).hasSize(3);
      assertThat(page.hasMore()).isTrue();
      assertThat(page.lastOffset()).isEqualTo(client.changes(LIBRARY).lastOffset());
      assertThat(client.changes(LIBRARY).since(page.next()).toList())
          .extracting(change -> change.data().get("title"))
          .containsExactly("T3", "T4", "T5", "T6");
      assertThat(client.changes(LIBRARY).since(page.lastOffset()).toList()).isEmpty();
    }
  }

  @Test
  void anOffsetThatTheServerCannotGoOnFromIsSaidSo() {
    try (TestServer server = TestServer.open(folder);
        LibraryClient client = client(server.port())) {
      create(client);
      add(client, 1);
      long unknown = client.changes(LIBRARY).lastOffset() + 1_000;

      assertThatThrownBy(() -> client.changes(LIBRARY).since(unknown).toList())
          .isInstanceOfSatisfying(
              GoneException.class,
              gone ->
                  assertThat(client.changes(LIBRARY).since(gone.oldestOffset()).toList())
                      .isNotEmpty());
      try (ChangeFollower follower = client.changes(LIBRARY).follow(unknown)) {
        assertThatThrownBy(follower::next).isInstanceOf(GoneException.class);
      }
    }
  }

  @Test
  void endsWithItsLibraryAndWhenItIsClosed() throws Exception {
    try (TestServer server = TestServer.open(folder);
        LibraryClient client = client(server.port())) {
      create(client);
      try (ChangeFollower follower = client.changes(LIBRARY).follow(0)) {
        assertThat(follower.next().type()).isEqualTo("library.created");
        client.libraries().delete(LIBRARY);
        assertThat(follower.next().type()).isEqualTo("library.deleted");
        assertThatThrownBy(follower::next)
            .isInstanceOfSatisfying(
                ProblemException.class, gone -> assertThat(gone.status()).isEqualTo(404));
      }
      Eventually.until("the id is free again", () -> isCreated(client));
      ChangeFollower follower =
          client.changes(LIBRARY).follow(client.changes(LIBRARY).lastOffset());
      CompletableFuture<Change> waiting = CompletableFuture.supplyAsync(follower::next);
      follower.close();
      assertThatThrownBy(waiting::join)
          .cause()
          .isInstanceOfSatisfying(
              MyelinException.class, e -> assertThat(e.code()).isEqualTo(MyelinException.CLOSED));
    }
  }
}
