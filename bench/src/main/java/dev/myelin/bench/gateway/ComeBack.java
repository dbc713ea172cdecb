package dev.myelin.bench.gateway;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Pace;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Many clients lose their connections, events are published meanwhile, and all come back within a
/// few seconds.
///
/// @param within over how long the connections are spread
/// @param missed events that are published while nobody is there
record ComeBack(Target target, int guests, Duration within, int missed) {
  private static final int AT_A_TIME = 50;

  /// @throws LoadFailure if a session is lost, or an event
  String measure() throws IOException, InterruptedException {
    List<Visitor> visitors = new ArrayList<>();
    for (int i = 0; i < guests; i++) {
      visitors.add(new Visitor(target, i));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int at = 0; at < guests; at += AT_A_TIME) {
        List<Future<?>> entering = new ArrayList<>();
        for (Visitor visitor : visitors.subList(at, Math.min(guests, at + AT_A_TIME))) {
          entering.add(
              threads.submit(() -> {
                visitor.enter();
                return null;
              }));
        }
        awaitAll(entering);
      }
      publish();
      for (Visitor visitor : visitors) {
        visitor.close();
      }
      long last = publish();
      return comeBack(threads, visitors, last);
    } finally {
      for (Visitor visitor : visitors) {
        visitor.close();
      }
    }
  }

  /// Publishes so many, and gives the offset of the last.
  private long publish() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target.page(Guests.path()))
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + Guests.token("publisher"))
            .POST(
                BodyPublishers.ofString(
                    "{\"type\":\"bench.event\",\"payload\":{\"text\":\"missed\"}}"))
            .build();
    String body = "";
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < missed; i++) {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        body = answer.body();
        if (answer.statusCode() != 201) {
          throw new LoadFailure("an event was refused: " + answer.statusCode() + " " + body);
        }
      }
    }
    return Long.parseLong(body.replaceFirst("(?s).*\"offset\"\\s*:\\s*([0-9]+).*", "$1"));
  }

  private String comeBack(ExecutorService threads, List<Visitor> visitors, long last)
      throws InterruptedException {
    Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    Pace pace = new Pace(System.nanoTime(), guests / (within.toMillis() / 1e3));
    long began = System.nanoTime();
    List<Future<?>> coming = new ArrayList<>();
    for (int i = 0; i < guests; i++) {
      long due = pace.dueAt(i + 1L);
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
      }
      Visitor visitor = visitors.get(i);
      coming.add(
          threads.submit(() -> {
            visitor.comeBack(last);
            synchronized (latency) {
              latency.recordValue(System.nanoTime() - due);
            }
            return null;
          }));
    }
    awaitAll(coming);
    return String.format(
        Locale.ROOT,
        "%d came back in %.1f s, all resumed, each heard of the %d events it missed: p50 %.1f ms,"
            + " p99 %.1f, max %.1f",
        guests,
        (System.nanoTime() - began) / 1e9,
        missed,
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getMaxValue() / 1e6);
  }

  private static void awaitAll(List<Future<?>> all) throws InterruptedException {
    for (Future<?> one : all) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof LoadFailure known
            ? known
            : new LoadFailure("a guest lost its connection: " + e.getCause(), e);
      }
    }
  }
}
