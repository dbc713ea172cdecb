package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.memory.embedding.WaitingText;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.Indexed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is told that a text has its embedding. The test stands in for the embedding pool.
class IndexedTest {
  @TempDir Path folder;
  private TestServer server;
  private final LinkedBlockingQueue<WaitingText> texts = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() {
    server = new TestServer(folder, StreamConfig.DEFAULT.withMaxAwaitedIndexings(3));
    server.memories.waitingTexts().listen(texts::add);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void embed(int count) {
    for (int i = 0; i < count; i++) {
      server.loop.until("a text waits", () -> !texts.isEmpty());
      embed(texts.remove());
    }
  }

  private void embed(WaitingText text) {
    CountDownLatch settled = new CountDownLatch(1);
    Embedding embedding = Embedding.of(new float[] {1f, 2f});
    server.memories.waitingTexts().embedded(text, "test", embedding, settled::countDown);
    server.loop.until("settled", () -> settled.getCount() == 0);
  }

  @Test
  void tellsWhoAskedWhenATextHasItsEmbedding() {
    Client client = server.client();
    client.init(Client.INDEXED);
    Client other = server.client();
    other.init();
    client.observe(1);
    client.accepted(1);
    other.observe(1, Lane.NORMAL, Client.episode("other", "somebody else's"));
    other.accepted(1);
    client.observe(2, Lane.NORMAL, Client.episode("vector", 1f, 1f));
    client.accepted(2);
    client.observe(3);
    client.accepted(3);
    embed(3);
    Indexed first = client.next(Indexed.class);
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(first.memory().value()).isEqualTo("ep1");
    assertThat(client.next(Indexed.class).sequence()).isEqualTo(3);
    client.hearsNothing();
    other.hearsNothing();
  }

  @Test
  void tellsItAfterTheAcknowledgement() {
    Client client = server.client();
    client.init(Client.INDEXED);
    client.peer.room = 0;
    client.observeAll(1, 2);
    embed(2);
    client.hearsNothing();
    client.peer.room = Integer.MAX_VALUE;
    client.connection.writable();
    client.allAccepted(1, 2);
    assertThat(client.next(Indexed.class).sequence()).isEqualTo(1);
    assertThat(client.next(Indexed.class).sequence()).isEqualTo(2);
  }

  @Test
  void waitsForABoundedNumberOfTexts() {
    Client client = server.client();
    client.init(Client.INDEXED);
    List<ServerMessage> heard = new ArrayList<>();
    for (int sequence = 1; sequence <= 6; sequence++) {
      client.observe(sequence);
      heard.add(client.next());
    }
    assertThat(heard).hasOnlyElementsOfType(Accepted.class);
    embed(6);
    for (int sequence = 1; sequence <= 3; sequence++) {
      assertThat(client.next(Indexed.class).sequence()).isEqualTo(sequence);
    }
    client.hearsNothing();
    client.observe(7);
    client.accepted(7);
    embed(1);
    assertThat(client.next(Indexed.class).sequence()).isEqualTo(7);
  }

  @Test
  void doesNotWaitForWhatWasNotCommitted() {
    Client client = server.client();
    client.init(Client.INDEXED);
    server.journal.fails = () -> true;
    for (int attempt = 1; attempt <= 5; attempt++) {
      client.observe(1);
      client.failure(ErrorCode.STORAGE_UNAVAILABLE);
    }
    server.journal.fails = () -> false;
    client.observe(1);
    client.accepted(1);
    embed(1);
    assertThat(client.next(Indexed.class).sequence()).isEqualTo(1);
  }

  @Test
  void forgetsWhoIsGone() {
    Client client = server.client();
    client.init(Client.INDEXED);
    client.observe(1);
    client.accepted(1);
    Client other = server.client();
    other.init(Client.INDEXED);
    client.disconnect();
    embed(1);
    other.hearsNothing();
    other.observe(1, Lane.NORMAL, Client.episode("second", "of another"));
    other.accepted(1);
    embed(1);
    assertThat(other.next(Indexed.class).memory().value()).isEqualTo("second");
  }
}
