package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a session costs while nothing is on its way.
class FootprintTest {
  private static final int SESSIONS = 2_000;

  @TempDir Path folder;

  @Test
  void takesLessThanTenKilobytesPerSession() {
    try (TestServer server = new TestServer(folder)) {
      List<Client> clients = new ArrayList<>();
      open(server, clients, 100); // what is made once
      long before = used();
      open(server, clients, SESSIONS);
      long each = (used() - before) / SESSIONS;
      System.out.println("bytes of heap per session: " + each);
      assertThat(clients).hasSize(100 + SESSIONS);
      assertThat(each).isLessThan(10_000);
    }
  }

  /// Opens sessions that have seen a burst.
  private static void open(TestServer server, List<Client> clients, int count) {
    for (int i = 0; i < count; i++) {
      Client client = server.client();
      client.init();
      for (int gap = 0; gap < 300; gap++) {
        client.observe(9);
      }
      client.next(300);
      clients.add(client);
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
