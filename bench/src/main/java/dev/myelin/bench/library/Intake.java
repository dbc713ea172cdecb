package dev.myelin.bench.library;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.bench.load.LoadFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Adds documents in batches over REST, from two connections at once.
record Intake(LibraryApi api, String library, Passages passages) {
  private static final int CONNECTIONS = 2;
  private static final int DOCUMENTS = 50;
  private static final int PER_DOCUMENT = 10;
  private static final int PER_BATCH = DOCUMENTS * PER_DOCUMENT;

  /// Adds at least so many passages with their embeddings. The bodies are made before the clock
  /// starts, as far as they fit.
  ///
  /// @return passages a second
  double withEmbeddings(int from, int count) throws IOException, InterruptedException {
    List<String> bodies = new ArrayList<>();
    for (int first = from; first < from + count; first += PER_BATCH) {
      bodies.add(embedded(first));
    }
    return send("documents/batch-with-embeddings", bodies);
  }

  /// Adds passages for which the server makes the embeddings.
  ///
  /// @return passages a second
  double withTexts(int from, int count) throws IOException, InterruptedException {
    List<String> bodies = new ArrayList<>();
    for (int first = from; first < from + count; first += PER_BATCH) {
      bodies.add(texts(first, Math.min(PER_BATCH, from + count - first)));
    }
    return send("documents/batch", bodies);
  }

  private double send(String path, List<String> bodies) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long added = 0;
    try (ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Callable<Long>> sending = new ArrayList<>();
      for (String body : bodies) {
        sending.add(() -> added(api.post("/v1/libraries/" + library + '/' + path, body)));
      }
      for (Future<Long> sent : senders.invokeAll(sending)) {
        added += sent.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw e.getCause() instanceof LoadFailure known ? known : new LoadFailure("" + e, e);
    }
    return added / ((System.nanoTime() - start) / 1e9);
  }

  private static long added(JsonNode answer) {
    if (answer.path("failed").asInt(1) != 0) {
      throw new LoadFailure("a batch failed: " + answer.path("results").path(0));
    }
    return answer.path("total_chunks_added").asLong();
  }

  private String embedded(int first) {
    StringBuilder body = new StringBuilder(PER_BATCH * passages.dimension() * 9);
    for (int i = 0; i < PER_BATCH; i++) {
      int number = first + i;
      begin(body, number, i, "chunks");
      body.append("{\"text\":\"").append(passages.text(number)).append("\",\"embedding\":");
      body.append(passages.embedding(number)).append('}');
      end(body, i, PER_BATCH);
    }
    return body.toString();
  }

  private String texts(int first, int count) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < count; i++) {
      begin(body, first + i, i, "texts");
      body.append('"').append(passages.text(first + i)).append('"');
      end(body, i, count);
    }
    return body.toString();
  }

  /// The beginning of the request, of a document, or of a passage.
  private static void begin(StringBuilder body, int number, int i, String member) {
    if (i == 0) {
      body.append("{\"documents\":[");
    }
    if (i % PER_DOCUMENT > 0) {
      body.append(',');
      return;
    }
    body.append(i == 0 ? "" : ",")
        .append("{\"title\":\"Document ")
        .append(number)
        .append("\",\"metadata\":{\"year\":")
        .append(1_990 + number / PER_DOCUMENT % 30)
        .append("},\"")
        .append(member)
        .append("\":[");
  }

  private static void end(StringBuilder body, int i, int count) {
    if (i % PER_DOCUMENT == PER_DOCUMENT - 1 || i + 1 == count) {
      body.append("]}");
    }
    if (i + 1 == count) {
      body.append("]}");
    }
  }
}
