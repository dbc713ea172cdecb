package dev.myelin.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.bench.load.JsonStream;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of all memories with a tag, by recalls that ask for nothing else. One thread.
final class TaggedMemories implements AutoCloseable {
  private static final int MAX_RESULTS = 10_000;

  private final Target target;
  private final Map<String, JsonStream> streams = new HashMap<>();

  TaggedMemories(Target target) {
    this.target = target;
  }

  /// One that is there twice is named twice.
  List<String> ids(String space, String tag) throws IOException {
    JsonStream stream = streams.get(space);
    if (stream == null) {
      stream = JsonStream.open(target, space);
      streams.put(space, stream);
    }
    ObjectNode recall = stream.message("recall").put("request_id", tag);
    recall.put("max_results", MAX_RESULTS).putObject("cue").putArray("required_tags").add(tag);
    stream.send(recall.toString());
    List<String> ids = new ArrayList<>();
    JsonNode batch;
    do {
      batch = stream.next("recall_result");
      batch.path("results").forEach(result -> ids.add(result.path("id").asText()));
    } while (batch.path("more_results").asBoolean());
    return ids;
  }

  @Override
  public void close() throws IOException {
    for (JsonStream stream : streams.values()) {
      stream.close();
    }
  }
}
