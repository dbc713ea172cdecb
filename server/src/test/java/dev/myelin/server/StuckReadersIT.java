package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Readers that stop, beside honest ones, on the ways that are no WebSocket. Only so many long
/// answers may be at work: once one more is let in, the stuck ones are known to be gone.
@Timeout(180)
class StuckReadersIT {
  private static final int LONG_ANSWERS = 4;
  private static final int STUCK = LONG_ANSWERS - 1;
  private static final String SQUARE = "/v1/channels/team/square/events";
  private static final String EVENT_STREAM = "text/event-stream";

  /// Generous: of 512 MiB that the process may have.
  private static final double MOST_HEAP = 400e6;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  private final List<RawSocket> stuck = new ArrayList<>();
  private ServerProcess server;
  private LibraryApi api;

  @BeforeEach
  void start() throws Exception {
    server =
        ServerProcess.start(
            folder,
            Map.of(
                "MYELIN_EMBEDDING_PROVIDER",
                "none",
                "MYELIN_HTTP_MAX_STREAMS",
                "" + LONG_ANSWERS,
                "MYELIN_HTTP_WRITE_TIMEOUT",
                "3s"));
    api = new LibraryApi(server.port());
  }

  @AfterEach
  void stop() throws Exception {
    for (RawSocket one : stuck) {
      one.close();
    }
    server.close();
  }

  /// Asks, reads the head of the answer, and nothing more.
  private void askAndStop(String path, String accept) throws IOException {
    RawSocket socket = new RawSocket(server.port(), 4_096);
    stuck.add(socket);
    ask(socket, path, accept);
    assertThat(socket.head()).startsWith("HTTP/1.1 200 ");
  }

  private static void ask(RawSocket socket, String path, String accept) throws IOException {
    socket.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: " + accept + "\r\n\r\n");
  }

  private int statusOfOneMore() {
    try {
      HttpRequest request = HttpRequest.newBuilder(LibraryApi.uri(server.port(), SQUARE)).build();
      return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitRoom() {
    Eventually.until("the stuck ones are let go of", () -> statusOfOneMore() == 200);
  }

  private double heapUsed() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(LibraryApi.uri(server.port(), "/metrics")).build();
    return HTTP.send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// An event stream that is read to the letter.
  private final class Honest implements AutoCloseable {
    private final BufferedReader lines;

    Honest(String path, String... headers) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(LibraryApi.uri(server.port(), path))
              .header("accept", EVENT_STREAM);
      if (headers.length > 0) {
        request.headers(headers);
      }
      var answer = HTTP.send(request.build(), BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    /// The data of the next event that has an id.
    JsonNode next() throws IOException {
      boolean named = false;
      while (true) {
        String line = lines.readLine();
        if (line == null) {
          throw new AssertionError("the stream ended");
        }
        named |= line.startsWith("id: ");
        if (named && line.startsWith("data: ")) {
          return ApiContract.parse(line.substring(6));
        }
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  /// Does something so many times, a few at a time.
  private static void parallel(int count, IntConsumer task) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        all.add(() -> {
          task.accept(number);
          return null;
        });
      }
      for (Future<Void> one : threads.invokeAll(all)) {
        var _ = one.get();
      }
    }
  }

  @Test
  void cutsOffReadersOfAChannelThatStop() throws Exception {
    int events = 600;
    String body = "{\"type\":\"app.note\",\"payload\":{\"text\":\"" + "x".repeat(16_000) + "\"}}";
    try (Honest honest = new Honest(SQUARE)) {
      for (int i = 0; i < STUCK; i++) {
        askAndStop(SQUARE, EVENT_STREAM);
      }
      assertThat(statusOfOneMore()).isEqualTo(503);

      CompletableFuture<Void> published =
          CompletableFuture.runAsync(() -> {
            try {
              parallel(events, _ -> say(SQUARE, body));
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      for (int offset = 1; offset <= events; offset++) {
        assertThat(honest.next().get("offset").asInt()).isEqualTo(offset);
      }
      published.join();

      awaitRoom();
      assertThat(heapUsed()).isLessThan(MOST_HEAP);
      try (Honest again = new Honest(SQUARE, "last-event-id", "" + (events - 5))) {
        for (int offset = events - 4; offset <= events; offset++) {
          assertThat(again.next().get("offset").asInt()).isEqualTo(offset);
        }
      }
    }
  }

  private void say(String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(LibraryApi.uri(server.port(), path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void cutsOffReadersOfTheChangeFeedThatStop() throws Exception {
    String library = api.library("Papers");
    String stream = "/v1/events/stream?library_id=" + library;
    String documents = "/v1/libraries/" + library + "/documents";
    // What a title says is in the event; the rest is not.
    String title = "t".repeat(400);
    int most = 20_000;
    int burst = 500;
    int told = 0;
    long last = 0;
    try (Honest honest = new Honest(stream)) {
      for (int i = 0; i < STUCK; i++) {
        askAndStop(stream, EVENT_STREAM);
      }
      assertThat(statusOfOneMore()).isEqualTo(503);

      // Each document is one event. What they do not read fills what the kernel keeps for them
      // first.
      while (statusOfOneMore() != 200 && told < most) {
        parallel(
            burst, i -> say(documents, "{\"title\":\"" + title + "\",\"texts\":[\"n" + i + "\"]}"));
        for (int i = 0; i < burst; i++) {
          long offset = honest.next().get("offset").asLong();
          assertThat(offset).isGreaterThan(last);
          last = offset;
        }
        told += burst;
      }
      assertThat(statusOfOneMore()).isEqualTo(200);
      assertThat(heapUsed()).isLessThan(MOST_HEAP);
    }
  }

  @Test
  void forgetsLongPollsOfClientsThatGo() throws Exception {
    say(SQUARE, "{\"type\":\"app.note\",\"payload\":{}}");
    // Longer than anything here takes: they are not over by themselves.
    String poll = SQUARE + "?after=1&wait=60s";
    for (int i = 0; i < LONG_ANSWERS; i++) {
      stuck.add(waiting(poll));
    }
    Eventually.until(
        "all of them wait",
        () -> {
          // One may have been turned away because this looked.
          stuck.replaceAll(one -> isWaiting(one) ? one : waiting(poll));
          return statusOfOneMore() == 503;
        });

    for (RawSocket one : stuck) {
      one.cut();
    }

    awaitRoom();
    HttpRequest request = HttpRequest.newBuilder(LibraryApi.uri(server.port(), poll)).build();
    CompletableFuture<String> honest =
        HTTP.sendAsync(request, BodyHandlers.ofString()).thenApply(answer -> answer.body());
    say(SQUARE, "{\"type\":\"app.note\",\"payload\":{\"n\":2}}");
    JsonNode page = ApiContract.parse(honest.get());
    assertThat(page.at("/events/0/offset").asInt()).isEqualTo(2);
  }

  private RawSocket waiting(String path) {
    try {
      RawSocket socket = new RawSocket(server.port());
      ask(socket, path, "application/json");
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isWaiting(RawSocket socket) {
    try {
      var _ = socket.withPatience(10, socket::head);
      socket.close();
      return false;
    } catch (SocketTimeoutException _) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
