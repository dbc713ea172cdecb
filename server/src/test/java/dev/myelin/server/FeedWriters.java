package dev.myelin.server;

import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Changes a library from several threads until there were enough acknowledged changes: documents
/// come in batches, are renamed and deleted. What the server did not answer is left as it is.
final class FeedWriters implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int BATCH = 80;

  private final FeedGround ground;
  private final String library;
  private final int wanted;
  private final AtomicInteger changes = new AtomicInteger();
  private final Set<String> added = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  FeedWriters(FeedGround ground, String library, int wanted, long seed) {
    this.ground = ground;
    this.library = library;
    this.wanted = wanted;
    for (int i = 0; i < THREADS; i++) {
      int writer = i;
      threads.add(
          Thread.ofPlatform().name("writer-" + i).start(() -> write(writer, seed * 31 + writer)));
    }
  }

  /// Changes that were acknowledged.
  int changes() {
    return changes.get();
  }

  /// Documents whose addition was acknowledged.
  Set<String> added() {
    return Set.copyOf(added);
  }

  boolean isDone() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  private void write(int writer, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> mine = new ArrayList<>();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int round = 0; changes.get() < wanted && !over; round++) {
        try {
          addSome(client, writer, round, random, mine);
          changeSome(client, random, mine);
        } catch (IOException _) {
          // What was not answered is left as it is.
        }
        ground.happened();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void addSome(
      HttpClient client, int writer, int round, SplittableRandom random, List<String> mine)
      throws IOException, InterruptedException {
    int count = random.nextInt(1, BATCH);
    StringBuilder body = new StringBuilder("{\"documents\":[");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "d-" + writer + '-' + round + '-' + i;
      ids.add(id);
      body.append(i == 0 ? "" : ",")
          .append("{\"id\":\"")
          .append(id)
          .append("\",\"chunks\":[{\"text\":\"one\",\"embedding\":[1,0.5]}]}");
    }
    body.append("]}");
    if (send(client, "POST", "/documents/batch-with-embeddings", body.toString()) == 201) {
      changes.addAndGet(count);
      added.addAll(ids);
      mine.addAll(ids);
    }
  }

  private void changeSome(HttpClient client, SplittableRandom random, List<String> mine)
      throws IOException, InterruptedException {
    for (int i = random.nextInt(20); i > 0 && !mine.isEmpty(); i--) {
      int at = random.nextInt(mine.size());
      String path = "/documents/" + mine.get(at);
      boolean deletes = random.nextInt(3) == 0;
      int status =
          deletes
              ? send(client, "DELETE", path, "")
              : send(client, "PATCH", path, "{\"title\":\"Renamed " + i + "\"}");
      if (status / 100 == 2) {
        changes.incrementAndGet();
      }
      if (deletes) {
        mine.remove(at);
      }
    }
  }

  private int send(HttpClient client, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(LibraryApi.uri(ground.port(), "/v1/libraries/" + library + path))
            .timeout(Eventually.DEADLINE)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
    return answer.statusCode();
  }

  @Override
  public void close() {
    over = true;
    threads.forEach(Thread::interrupt);
  }
}
