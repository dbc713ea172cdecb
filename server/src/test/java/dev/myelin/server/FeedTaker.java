package dev.myelin.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Follows the changes of a library over one way, drops its connection at random moments, comes
/// back after its last event, also when the server was killed meanwhile, and writes down what it
/// was told.
abstract class FeedTaker implements AutoCloseable {
  private static final int MOST_TAKEN_AT_ONCE = 2_000;

  /// One event.
  record Told(long offset, String eventId, String type, String document) {
    static Told of(JsonNode event) {
      return new Told(
          event.path("offset").asLong(),
          event.path("event_id").asText(),
          event.path("event_type").asText(),
          event.path("data").path("document_id").asText());
    }
  }

  private final FeedGround ground;
  private final boolean polls;
  private final List<Told> told = new ArrayList<>();
  private final SplittableRandom random;
  private final Thread thread;
  private volatile long cursor;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean over;

  final String library;

  /// @param polls whether a connection that tells nothing means that there is nothing
  FeedTaker(String name, boolean polls, FeedGround ground, String library, long seed) {
    this.polls = polls;
    this.ground = ground;
    this.library = library;
    random = new SplittableRandom(seed);
    thread = Thread.ofPlatform().name("taker-" + name).daemon().unstarted(this::run);
  }

  final FeedTaker start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (!over) {
        long seen = ground.signs();
        if (visit(ground.port()) == 0 && polls) {
          ground.awaitSign(seen);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many events were taken; below 0 if the connection broke.
  private int visit(int port) throws InterruptedException {
    try (Connection connection = connect(port, cursor)) {
      connections.incrementAndGet();
      return take(connection, random.nextInt(1, MOST_TAKEN_AT_ONCE));
    } catch (IOException | CompletionException _) {
      return -1; // comes back to the server, which may be another by then
    }
  }

  private int take(Connection connection, int most) throws IOException, InterruptedException {
    int taken = 0;
    while (taken < most && !over) {
      JsonNode event = connection.next();
      if (event == null) {
        break;
      }
      Told one = Told.of(event);
      synchronized (told) {
        told.add(one);
      }
      cursor = one.offset();
      taken++;
    }
    return taken;
  }

  /// What one connection tells.
  interface Connection extends AutoCloseable {
    /// The next event; null when the connection has nothing more.
    @Nullable JsonNode next() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
  }

  abstract Connection connect(int port, long since) throws IOException, InterruptedException;

  final List<Told> told() {
    synchronized (told) {
      return List.copyOf(told);
    }
  }

  final long cursor() {
    return cursor;
  }

  final int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
  }

  /// Over the library's WebSocket, with `since`.
  static FeedTaker socket(FeedGround ground, String library, long seed) {
    return new FeedTaker("socket", false, ground, library, seed) {
      @Override
      Connection connect(int at, long since) throws IOException, InterruptedException {
        LibrarySocketClient client = new LibrarySocketClient(at, library);
        client.ask("subscribe", "s", ApiContract.JSON.createObjectNode().put("since", since));
        // What comes before the answer belongs to the subscription that every connection begins
        // with.
        while (true) {
          JsonNode message = client.nextOrNull();
          if (message == null || isClosed(message)) {
            client.close();
            throw new IOException("the connection ended early");
          }
          if (message.path("type").asText().equals("response")) {
            break;
          }
        }
        return new Connection() {
          @Override
          public @Nullable JsonNode next() throws InterruptedException {
            JsonNode message = client.nextOrNull();
            return message == null || isClosed(message) ? null : message;
          }

          @Override
          public void close() {
            client.close();
          }
        };
      }

      private boolean isClosed(JsonNode message) {
        return message.path("type").asText().equals("closed");
      }
    };
  }

  /// As server-sent events, with `Last-Event-ID`.
  static FeedTaker events(FeedGround ground, String library, long seed) {
    return new FeedTaker("events", false, ground, library, seed) {
      @Override
      Connection connect(int at, long since) throws IOException, InterruptedException {
        return new Lines(
            at,
            "/v1/events/stream?library_id=" + library,
            "data: ",
            "last-event-id",
            Long.toString(since));
      }
    };
  }

  /// As pages of NDJSON, one after the other.
  static FeedTaker pages(FeedGround ground, String library, long seed) {
    return new FeedTaker("pages", true, ground, library, seed) {
      @Override
      Connection connect(int at, long since) throws IOException, InterruptedException {
        return new Lines(
            at,
            "/v1/libraries/" + library + "/changes?limit=500&since=" + since,
            "",
            "accept",
            "application/x-ndjson");
      }
    };
  }

  /// Events that stand in lines of a body, behind a prefix.
  private static final class Lines implements Connection {
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BufferedReader body;
    private final String prefix;

    Lines(int port, String path, String prefix, String... headers)
        throws IOException, InterruptedException {
      this.prefix = prefix;
      HttpRequest request =
          HttpRequest.newBuilder(LibraryApi.uri(port, path))
              .timeout(Eventually.DEADLINE)
              .headers(headers)
              .build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      body = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
      if (answer.statusCode() != 200) {
        String said = body.readLine();
        close();
        throw new IOException(answer.statusCode() + ": " + said);
      }
    }

    @Override
    public @Nullable JsonNode next() throws IOException {
      for (String line = body.readLine(); line != null; line = body.readLine()) {
        if (!line.isEmpty() && line.startsWith(prefix)) {
          JsonNode event = ApiContract.parse(line.substring(prefix.length()));
          if (event.has("offset")) {
            return event;
          }
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      client.shutdownNow();
      body.close();
    }
  }
}
