package dev.myelin.bench.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.bench.load.JsonStream;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Looks for observations on a WebSocket of its own: what is acknowledged must be found at once.
///
/// By its embedding an observation must come first; by the word that it has alone, among the first
/// ten. One thread.
final class RecallProbe implements AutoCloseable {
  private static final int RESULTS_BY_TEXT = 10;

  private final JsonStream stream;
  private final Observations observations;
  private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
  private long misses;

  RecallProbe(Target target, Observations observations, String space) throws IOException {
    this.observations = observations;
    this.stream = JsonStream.open(target, space);
  }

  /// Recalls one observation; counts a miss if it is not found where it must be.
  void look(int connection, long sequence) throws IOException {
    String id = observations.id(connection, sequence);
    ObjectNode request = stream.message("recall").put("request_id", id);
    ObjectNode cue = request.putObject("cue");
    if (observations.dimension() > 0) {
      ArrayNode values = cue.putArray("embedding");
      for (float value : observations.embedding(connection, sequence)) {
        values.add(value);
      }
      request.put("max_results", 1);
    } else {
      String text = observations.text(connection, sequence);
      cue.put("text", text.substring(text.lastIndexOf(' ') + 1));
      request.put("max_results", RESULTS_BY_TEXT);
    }
    String message = request.toString();
    long start = System.nanoTime();
    stream.send(message);
    JsonNode answer = stream.next("recall_result");
    latency.recordValue(Math.min(System.nanoTime() - start, latency.getHighestTrackableValue()));
    boolean found = false;
    for (JsonNode result : answer.path("results")) {
      found |= id.equals(result.path("id").asText());
    }
    if (!found) {
      misses++;
    }
  }

  /// Nanoseconds from the request to its answer.
  Histogram latency() {
    return latency;
  }

  long misses() {
    return misses;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
