package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.server.FeedTaker.Told;
import dev.myelin.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many changes while connections break and the server is killed: whoever listens hears of each of
/// them once and in one order, over whichever way.
///
/// `-Dfeed.changes=N` and `-Dfeed.seed=N` make it longer and repeatable.
final class FeedRunIT {
  private static final int CHANGES = Integer.getInteger("feed.changes", 20_000);
  private static final int KILLS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Map<String, String> SETTINGS =
      Map.of("MYELIN_EMBEDDING_PROVIDER", "none", "MYELIN_WEBHOOKS_ALLOW_PRIVATE_TARGETS", "true");

  /// What the webhook is told of: fewer events, for each is a request with an answer.
  private static final Set<String> HOOKED = Set.of("document.updated", "document.deleted");

  @TempDir Path data;

  private final FeedGround ground = new FeedGround();

  @Test
  void tellsEveryChangeOnceInOneOrderOnEveryWayHoweverOftenItIsKilled() throws Exception {
    long seed = Long.getLong("feed.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    ServerProcess server = start();
    String library = new LibraryApi(ground.port()).library("Run");
    List<FeedTaker> takers =
        List.of(
            FeedTaker.socket(ground, library, random.nextLong()).start(),
            FeedTaker.socket(ground, library, random.nextLong()).start(),
            FeedTaker.events(ground, library, random.nextLong()).start(),
            FeedTaker.pages(ground, library, random.nextLong()).start());
    try (WebhookTarget hook = hooked(library);
        FeedWriters writers = new FeedWriters(ground, library, CHANGES, random.nextLong())) {
      for (int kill = 1; kill <= KILLS; kill++) {
        int due = kill * CHANGES / (KILLS + 1) + random.nextInt(CHANGES / (4 * KILLS));
        Eventually.until("changes", PATIENCE, () -> writers.changes() >= Math.min(due, CHANGES));
        ground.leaves();
        server.kill();
        server = start();
      }
      Eventually.until("all is written", PATIENCE, writers::isDone);

      List<Told> all = all(library);
      assertThat(all).as("seed %s", seed).hasSizeGreaterThanOrEqualTo(CHANGES);
      for (FeedTaker taker : takers) {
        Eventually.until("all is told", PATIENCE, () -> taker.cursor() >= all.getLast().offset());
        assertThat(taker.told()).as("seed %s", seed).isEqualTo(all);
        assertThat(taker.connections()).isGreaterThan(KILLS);
      }
      assertThat(all).extracting(Told::eventId).doesNotHaveDuplicates();
      assertWasTold(hook, all.stream().filter(event -> HOOKED.contains(event.type())).toList());
      assertThat(documents(library)).as("seed %s", seed).isEqualTo(alive(all));
      Set<String> told = new HashSet<>();
      all.stream()
          .filter(event -> event.type().equals("document.added"))
          .forEach(
              event -> assertThat(told.add(event.document())).as("told twice: %s", event).isTrue());
      assertThat(told).as("seed %s", seed).containsAll(writers.added());
    } finally {
      takers.forEach(FeedTaker::close);
      server.kill();
    }
  }

  private WebhookTarget hooked(String library) throws Exception {
    WebhookTarget target = new WebhookTarget();
    ObjectNode wanted =
        ApiContract.JSON.createObjectNode().put("url", target.url()).put("library_id", library);
    HOOKED.forEach(wanted.putArray("events")::add);
    new LibraryApi(ground.port()).post("/v1/webhooks", wanted.toString());
    return target;
  }

  /// All of it, in order; what was on its way when the server was killed may have come twice.
  private static void assertWasTold(WebhookTarget hook, List<Told> wanted) {
    Eventually.until(
        "the webhook is told",
        PATIENCE,
        () -> {
          List<WebhookTarget.Told> told = hook.told();
          return !told.isEmpty() && told.getLast().offset() == wanted.getLast().offset();
        });
    List<Long> offsets = hook.told().stream().map(WebhookTarget.Told::offset).toList();
    assertThat(offsets).isSorted();
    assertThat(offsets.stream().distinct().toList())
        .isEqualTo(wanted.stream().map(Told::offset).toList());
    assertThat(offsets.size() - wanted.size()).as("repeated").isLessThanOrEqualTo(KILLS);
  }

  private ServerProcess start() throws Exception {
    ServerProcess server = ServerProcess.start(data, SETTINGS);
    ground.isAt(server.port());
    return server;
  }

  /// What the journal has, page by page.
  private List<Told> all(String library) throws Exception {
    LibraryApi api = new LibraryApi(ground.port());
    List<Told> all = new ArrayList<>();
    JsonNode page;
    long since = 0;
    do {
      page = api.get("/v1/libraries/" + library + "/changes?limit=1000&since=" + since).json();
      page.path("changes").forEach(event -> all.add(Told.of(event)));
      since = page.path("next_since").asLong();
    } while (page.path("has_more").asBoolean());
    return all;
  }

  private static Set<String> alive(List<Told> events) {
    Set<String> alive = new HashSet<>();
    for (Told event : events) {
      if (event.type().equals("document.added")) {
        alive.add(event.document());
      } else if (event.type().equals("document.deleted")) {
        alive.remove(event.document());
      }
    }
    return alive;
  }

  private Set<String> documents(String library) throws Exception {
    LibraryApi api = new LibraryApi(ground.port());
    Set<String> ids = new HashSet<>();
    String path = "/v1/libraries/" + library + "/documents?limit=1000";
    while (path != null) {
      LibraryApi.Answer page = api.get(path);
      page.json().forEach(document -> ids.add(document.path("id").asText()));
      String link = page.header("link");
      path = link == null ? null : link.substring(link.indexOf('<') + 1, link.indexOf('>'));
    }
    return ids;
  }
}
