package dev.myelin.memory.embedding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.myelin.model.Embedding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A small real endpoint that speaks OpenAI's embeddings API, with an embedder behind it, and fails
/// when it is told to.
public final class EmbeddingServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Embedder embedder;

  /// What the next requests are answered with instead of embeddings.
  public final Queue<Answer> planned = new ConcurrentLinkedQueue<>();

  public final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger mostRunning = new AtomicInteger();

  public record Answer(int status, String body, String retryAfter) {
    public static Answer status(int status) {
      return new Answer(status, "{\"error\": {}}", "");
    }

    public static Answer body(String body) {
      return new Answer(200, body, "");
    }
  }

  public record Seen(String path, String authorization, List<String> texts) {}

  public EmbeddingServer(Embedder embedder) {
    this.embedder = embedder;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void answer(HttpExchange exchange) throws IOException {
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    try (exchange) {
      List<String> texts = readInput(exchange);
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      seen.add(
          new Seen(
              exchange.getRequestURI().getPath(),
              authorization == null ? "" : authorization,
              texts));
      Answer plan = planned.poll();
      Answer answer = plan == null ? Answer.body(embeddings(texts)) : plan;
      if (!answer.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      running.decrementAndGet();
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static List<String> readInput(HttpExchange exchange) throws IOException {
    List<String> texts = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(exchange.getRequestBody())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.START_ARRAY) {
          while (json.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(json.getText());
          }
        }
      }
    }
    return texts;
  }

  /// The embeddings in reverse order, as the protocol allows.
  private String embeddings(List<String> texts) {
    List<Embedding> embeddings = embedder.embedPassages(texts);
    StringBuilder json = new StringBuilder("{\"object\": \"list\", \"data\": [");
    for (int i = embeddings.size() - 1; i >= 0; i--) {
      json.append("{\"index\": ").append(i).append(", \"embedding\": ");
      json.append(Arrays.toString(embeddings.get(i).values()));
      json.append(", \"object\": \"embedding\"}").append(i > 0 ? "," : "");
    }
    return json.append("], \"usage\": {\"total_tokens\": 1}}").toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
