package dev.myelin.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What a webhook calls, on this machine: keeps what it is sent and answers with a status.
final class WebhookTarget implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  /// A request that was answered with 2xx.
  record Told(String signature, String timed, String body) {
    JsonNode json() {
      return ApiContract.parse(body);
    }

    long offset() {
      return json().get("offset").asLong();
    }
  }

  WebhookTarget() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    var _ = server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (status / 100 == 2) {
        told.add(
            new Told(
                exchange.getRequestHeaders().getFirst("X-Webhook-Signature"),
                exchange.getRequestHeaders().getFirst("X-Webhook-Signature-Timed"),
                body));
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  void answers(int other) {
    status = other;
  }

  List<Told> told() {
    return told;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
