package dev.myelin.bench.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Target;
import dev.myelin.bench.load.WebSocketFrames;
import dev.myelin.bench.load.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Looks for observations on a WebSocket of its own: what is acknowledged must be found at once.
///
/// By its embedding an observation must come first; by the word that it has alone, among the first
/// ten. One thread.
final class RecallProbe implements AutoCloseable {
  private static final int RESULTS_BY_TEXT = 10;
  private static final JsonMapper JSON = new JsonMapper();

  private final Wire wire;
  private final WebSocketFrames frames;
  private final Observations observations;
  private final String space;
  private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
  private long misses;

  RecallProbe(Target target, Observations observations, String space) throws IOException {
    this.wire = Wire.connect(target.address());
    this.observations = observations;
    this.space = space;
    try {
      this.frames = WebSocketFrames.open(wire, target, "/v1/stream");
      ObjectNode init = JSON.createObjectNode().put("type", "init").put("memory_space_id", space);
      frames.send(init.toString());
      require(receive(), "init_ack");
    } catch (IOException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /// Recalls one observation; counts a miss if it is not found where it must be.
  void look(int connection, long sequence) throws IOException {
    String id = observations.id(connection, sequence);
    ObjectNode request = JSON.createObjectNode();
    request.put("type", "recall").put("request_id", id).put("memory_space_id", space);
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
    frames.send(message);
    JsonNode answer = require(receive(), "recall_result");
    latency.recordValue(Math.min(System.nanoTime() - start, latency.getHighestTrackableValue()));
    boolean found = false;
    for (JsonNode result : answer.path("results")) {
      found |= id.equals(result.path("id").asText());
    }
    if (!found) {
      misses++;
    }
  }

  private JsonNode receive() throws IOException {
    while (true) {
      ByteBuffer message = frames.next(wire.in());
      if (message == null) {
        wire.read();
        continue;
      }
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      JsonNode json = JSON.readTree(bytes);
      if (!"heartbeat".equals(json.path("type").asText())) {
        return json;
      }
    }
  }

  private static JsonNode require(JsonNode message, String type) {
    if (!type.equals(message.path("type").asText())) {
      throw new LoadFailure("the server answered " + message);
    }
    return message;
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
    wire.close();
  }
}
