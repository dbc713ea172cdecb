package dev.myelin.library.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.myelin.library.store.Fields;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A target on this machine, which keeps what it is sent.
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Received> accepted = new CopyOnWriteArrayList<>();
  private volatile Answering answering = _ -> new Answer(204, Map.of());

  /// A request.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Received(Map<String, List<String>> headers, byte[] bytes) {
    Fields body() {
      return Fields.read(bytes);
    }

    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    String type() {
      return body().text("type");
    }

    long offset() {
      return body().number("offset");
    }
  }

  record Answer(int status, Map<String, String> headers) {}

  /// Decides what a request is answered; may wait.
  interface Answering {
    Answer to(Received request) throws InterruptedException;
  }

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Received request =
          new Received(
              Map.copyOf(exchange.getRequestHeaders()), exchange.getRequestBody().readAllBytes());
      received.add(request);
      Answer answer = answering.to(request);
      if (answer.status() / 100 == 2) {
        accepted.add(request);
      }
      answer.headers().forEach(exchange.getResponseHeaders()::add);
      exchange.sendResponseHeaders(answer.status(), -1);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  void answers(Answering other) {
    answering = other;
  }

  void answers(int status) {
    answers(_ -> new Answer(status, Map.of()));
  }

  /// All requests, in order.
  List<Received> received() {
    return received;
  }

  /// Those that were answered with 2xx, in order.
  List<Received> accepted() {
    return accepted;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
