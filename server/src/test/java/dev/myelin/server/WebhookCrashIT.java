package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.server.WebhookTarget.Told;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills the server while it tells a webhook of changes, and looks for gaps in what was told.
@Timeout(600)
class WebhookCrashIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int ROUNDS = 3;
  private static final int EVENTS_A_ROUND = 60;
  private static final Map<String, String> SETTINGS =
      Map.of("MYELIN_WEBHOOKS_ALLOW_PRIVATE_TARGETS", "true", "MYELIN_EMBEDDING_PROVIDER", "none");

  @TempDir private Path folder;

  @Test
  void goesOnWithoutAGapAndInOrderAfterKill9() throws Exception {
    try (WebhookTarget target = new WebhookTarget()) {
      ServerProcess server = ServerProcess.start(folder, SETTINGS);
      try {
        Admin admin = new Admin(server.port(), "");
        var _ = admin.json("POST", "/v1/libraries", "{\"id\":\"notes\",\"name\":\"Notes\"}");
        String hook = "{\"url\":\"" + target.url() + "\",\"events\":[\"document.*\"]}";
        var _ = admin.json("POST", "/v1/webhooks", hook);
        for (int round = 1; round <= ROUNDS; round++) {
          writeUntilTold(server, target, round * EVENTS_A_ROUND);
          server.kill();
          server = ServerProcess.start(folder, SETTINGS);
        }
        List<Long> all = offsets(new Admin(server.port(), ""));
        assertThat(all).hasSizeGreaterThan(ROUNDS * EVENTS_A_ROUND / 2);
        long last = all.getLast();
        Eventually.until("all events are told", PATIENCE, () -> heard(target).containsKey(last));

        List<Long> firstTimes = new ArrayList<>(heard(target).keySet().stream().sorted().toList());
        assertThat(firstTimes).isEqualTo(all);
        assertInOrder(target.told());
      } finally {
        server.close();
      }
    }
  }

  /// Writes documents until so many events were told, and stops in the middle of it.
  private static void writeUntilTold(ServerProcess server, WebhookTarget target, int events)
      throws InterruptedException {
    Admin admin = new Admin(server.port(), "");
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (!Thread.currentThread().isInterrupted()) {
                  var _ =
                      admin.json("POST", "/v1/libraries/notes/documents", "{\"text\":\"a note\"}");
                }
              } catch (IOException | InterruptedException | AssertionError _) {
                // The server is gone, or enough is written.
              }
            });
    Eventually.until("events are told", PATIENCE, () -> target.told().size() >= events);
    server.kill();
    writer.interrupt();
    writer.join();
  }

  private static Map<Long, Boolean> heard(WebhookTarget target) {
    Map<Long, Boolean> offsets = new ConcurrentHashMap<>();
    target.told().forEach(told -> offsets.put(told.offset(), true));
    return offsets;
  }

  /// The offsets of all changes of documents, as the feed has them.
  private static List<Long> offsets(Admin admin) throws Exception {
    List<Long> offsets = new ArrayList<>();
    long since = 0;
    JsonNode page;
    do {
      String path = "/v1/libraries/notes/changes?limit=1000&event_types=document.*&since=" + since;
      page = admin.json("GET", path, "");
      StreamSupport.stream(page.get("changes").spliterator(), false)
          .forEach(change -> offsets.add(change.get("offset").asLong()));
      since = page.get("next_since").asLong();
    } while (page.get("has_more").asBoolean());
    return offsets;
  }

  /// What was told last before the server was killed may be told again, and nothing else.
  private static void assertInOrder(List<Told> told) {
    long before = 0;
    int again = 0;
    for (Told one : told) {
      assertThat(one.offset()).isGreaterThanOrEqualTo(before);
      again += one.offset() == before ? 1 : 0;
      before = one.offset();
    }
    assertThat(again).isLessThanOrEqualTo(ROUNDS);
  }
}
