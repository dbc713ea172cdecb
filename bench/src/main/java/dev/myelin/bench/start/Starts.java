package dev.myelin.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.bench.host.ServerProcess;
import dev.myelin.bench.load.JsonStream;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Starts of a server, three for each figure.
///
/// @param folder where data folders are made
/// @param observations what is in them
record Starts(Path folder, Observations observations) {
  private static final int STARTS = 3;
  private static final String SPACE = "start";

  /// From the start of the process.
  ///
  /// @param firstRecall until the answer to the first recall, connecting included
  record Times(Duration ready, Duration firstRecall) {}

  /// Each time with a new folder.
  Times empty() throws IOException {
    List<Times> times = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      times.add(start(folder.resolve("empty-" + i), 0));
    }
    return medians(times);
  }

  /// Fills a folder, ends the server in order, and starts on it.
  ///
  /// @throws LoadFailure if a memory is not recalled
  Times filled(int memories) throws IOException, InterruptedException {
    Path data = folder.resolve("filled");
    long last;
    try (ServerProcess server = ServerProcess.start(data, List.of())) {
      Target target = Target.parse(server.url(), null);
      last = new Filling(target, observations, SPACE).fill(memories);
    }
    List<Times> times = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      times.add(start(data, last));
    }
    return medians(times);
  }

  /// @param wanted the number of the observation to recall, 0 if there is none
  private Times start(Path data, long wanted) throws IOException {
    try (ServerProcess server = ServerProcess.start(data, List.of());
        JsonStream stream = JsonStream.open(Target.parse(server.url(), null), SPACE)) {
      ObjectNode recall = stream.message("recall").put("request_id", "first");
      ArrayNode embedding = recall.put("max_results", 1).putObject("cue").putArray("embedding");
      for (float value : observations.embedding(0, Math.max(1, wanted))) {
        embedding.add(value);
      }
      stream.send(recall.toString());
      JsonNode results = stream.next("recall_result").path("results");
      Duration answered = server.sinceStart();
      String found = results.path(0).path("id").asText();
      if (wanted > 0 && !found.equals(observations.id(0, wanted))) {
        throw new LoadFailure(
            "after a start " + observations.id(0, wanted) + " was not recalled: " + results);
      }
      return new Times(server.startTime(), answered);
    }
  }

  private static Times medians(List<Times> times) {
    return new Times(median(times, Times::ready), median(times, Times::firstRecall));
  }

  private static Duration median(List<Times> times, Function<Times, Duration> part) {
    return times.stream().map(part).sorted().toList().get(times.size() / 2);
  }
}
