package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Connections in masses, and handshakes that never end.
class GatewayFloodIT extends GatewayUnderAttack {
  private static final int FLOOD = 80;

  /// The status of each of many handshakes at once; those that are let in stay.
  private List<String> flood(int count, Handshake handshake) throws Exception {
    List<Callable<String>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      RawSocket socket = socket();
      all.add(() -> handshake.of(socket, number));
    }
    List<String> heads = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> one : threads.invokeAll(all)) {
        heads.add(one.get());
      }
    }
    return heads;
  }

  private interface Handshake {
    String of(RawSocket socket, int number) throws IOException;
  }

  private static void assertLetIn(List<String> heads, int count, int refusal) {
    List<String> refused =
        heads.stream().filter(head -> !head.startsWith("HTTP/1.1 101 ")).toList();
    assertThat(heads.size() - refused.size()).isEqualTo(count);
    assertThat(refused)
        .allSatisfy(head ->
            assertThat(head)
                .startsWith("HTTP/1.1 " + refusal + " ")
                .containsIgnoringCase("retry-after: "));
  }

  @Test
  void boundsTheConnectionsOfOneClient() throws Exception {
    List<String> heads =
        flood(FLOOD, (socket, _) -> socket.upgradeAt("/ws?client_id=a", bearer("a", "flood")));

    assertLetIn(heads, PER_CLIENT, 429);
  }

  @Test
  void boundsTheConnectionsOfOneTenant() throws Exception {
    List<String> heads =
        flood(
            FLOOD,
            (socket, number) ->
                socket.upgradeAt("/ws?client_id=b" + number, bearer("b" + number, "flood")));

    assertLetIn(heads, PER_TENANT, 503);
  }

  @Test
  void boundsTheConnectionsOfAll() throws Exception {
    List<String> heads =
        flood(
            FLOOD,
            (socket, number) ->
                socket.upgradeAt("/ws?client_id=c" + number, bearer("c", "flood-" + number)));

    assertLetIn(heads, PER_PROCESS - 1, 503);
  }

  @Test
  void givesAPlaceBackWithTheConnection() throws Exception {
    List<String> heads =
        flood(FLOOD, (socket, _) -> socket.upgradeAt("/ws?client_id=d", bearer("d", "flood")));
    assertLetIn(heads, PER_CLIENT, 429);
    for (AutoCloseable one : open) {
      one.close();
    }
    Eventually.until("they are gone", () -> connections() == 1);

    assertThat(socket().upgradeAt("/ws?client_id=d", bearer("d", "flood")))
        .startsWith("HTTP/1.1 101 ");
  }

  @Test
  void endsHandshakesThatNeverEnd() throws Exception {
    byte[] request =
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: web".getBytes(StandardCharsets.UTF_8);
    List<RawSocket> slow = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      slow.add(socket());
    }
    for (byte one : request) {
      for (RawSocket socket : slow) {
        socket.send(new byte[] {one});
      }
    }
    for (RawSocket socket : slow) {
      assertThat(socket.endsSoon()).isTrue();
    }
  }

  @Test
  void endsHandshakesThatTrickleInForEver() throws Exception {
    RawSocket socket = socket();
    Eventually.until(
        "the server has had enough",
        () -> {
          try {
            socket.send("G");
            return false;
          } catch (IOException e) {
            return true;
          }
        });
  }
}
