package dev.myelin.client.library;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A server that gives the answers that a test wrote, one after the other, and notes what was
/// asked.
public final class ScriptedServer implements AutoCloseable {
  /// What was asked.
  public record Asked(
      String method, String target, Map<String, List<String>> headers, String body) {
    public String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  private record Told(int status, Map<String, String> headers, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Told> script = new ArrayDeque<>();
  private final List<Asked> asked = new ArrayList<>();

  public ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The next answer.
  ///
  /// @param status 0 breaks the connection off instead
  public synchronized ScriptedServer then(int status, String body) {
    return then(status, Map.of(), body);
  }

  public synchronized ScriptedServer then(int status, Map<String, String> headers, String body) {
    script.add(new Told(status, headers, body));
    return this;
  }

  public synchronized List<Asked> asked() {
    return List.copyOf(asked);
  }

  private synchronized Told note(Asked request) {
    asked.add(request);
    Told told = script.poll();
    return told == null ? new Told(500, Map.of(), "{\"detail\":\"no more script\"}") : told;
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Told told =
          note(
              new Asked(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toString(),
                  Map.copyOf(exchange.getRequestHeaders()),
                  new String(body, StandardCharsets.UTF_8)));
      if (told.status() == 0) {
        return; // closing without an answer breaks the connection
      }
      told.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] bytes = told.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(told.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
