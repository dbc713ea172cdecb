package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.server.RegisterHistory.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that write and read the same memories at once see what one client after the other could
/// have seen: a memory of an id is a register, written by observing it again, read by recall.
final class LinearizabilityIT {
  private static final int CLIENTS = 6;
  private static final int CALLS = 150;
  private static final int KEYS = 3;
  private static final int DIMENSION = 8;

  @TempDir Path data;

  private final AtomicLong values = new AtomicLong();

  /// A call and the register it was made on.
  private record Call(int key, Operation operation) {}

  @Test
  void recallsSeeWhatWasAcknowledgedBeforeThemAndNothingOlder() throws Exception {
    List<Call> calls = new ArrayList<>();
    try (TestServer server = TestServer.open(data);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Callable<List<Call>>> all =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> (Callable<List<Call>>) () -> callAtRandom(server.port(), i))
              .toList();
      for (Future<List<Call>> client : clients.invokeAll(all)) {
        calls.addAll(client.get());
      }
    }

    assertThat(calls).hasSize(CLIENTS * CALLS);
    for (int key = 0; key < KEYS; key++) {
      int wanted = key;
      List<Operation> history =
          calls.stream().filter(call -> call.key == wanted).map(Call::operation).toList();
      assertThat(history).anyMatch(Operation::writes).anyMatch(call -> !call.writes());
      assertThat(RegisterHistory.isLinearizable(history)).as("key %s: %s", key, history).isTrue();
    }
  }

  @Test
  void theCheckTellsAStaleReadFromAConcurrentOne() {
    Operation first = Operation.write(1, 0, 10);
    Operation second = Operation.write(2, 20, 30);
    assertThat(RegisterHistory.isLinearizable(List.of(first, second, Operation.read(1, 25, 40))))
        .isTrue();
    assertThat(RegisterHistory.isLinearizable(List.of(first, second, Operation.read(1, 31, 40))))
        .isFalse();
    assertThat(RegisterHistory.isLinearizable(List.of(first, Operation.read(0, 11, 12)))).isFalse();
    assertThat(RegisterHistory.isLinearizable(List.of(first, Operation.read(0, 5, 12)))).isTrue();
    List<Operation> backwards =
        List.of(first, second, Operation.read(2, 21, 24), Operation.read(1, 25, 29));
    assertThat(RegisterHistory.isLinearizable(backwards)).isFalse();
  }

  private List<Call> callAtRandom(int port, int number) throws IOException {
    SplittableRandom random = new SplittableRandom(number);
    List<Call> calls = new ArrayList<>();
    try (StreamClient client = StreamClient.open(port)) {
      client.init("registers");
      long sequence = 0;
      for (int i = 0; i < CALLS; i++) {
        int key = random.nextInt(KEYS);
        calls.add(
            new Call(
                key, random.nextBoolean() ? write(client, ++sequence, key) : read(client, key)));
      }
    }
    return calls;
  }

  private Operation write(StreamClient client, long sequence, int key) throws IOException {
    long value = values.incrementAndGet();
    ObjectNode message = client.observation(sequence, "register-" + key);
    ObjectNode episode = (ObjectNode) message.get("episode");
    episode.put("what", Long.toString(value)).set("embedding", direction(episode.arrayNode(), key));
    long called = System.nanoTime();
    client.send(message);
    JsonNode answer = client.next("ack");
    long returned = System.nanoTime();
    assertThat(answer.path("status").asText()).isEqualTo("accepted");
    return Operation.write(value, called, returned);
  }

  private static Operation read(StreamClient client, int key) throws IOException {
    ObjectNode message = StreamClient.message("recall").put("request_id", "r");
    ObjectNode cue = message.put("max_results", 1).putObject("cue");
    cue.set("embedding", direction(cue.arrayNode(), key));
    long called = System.nanoTime();
    client.send(message);
    JsonNode answer = client.next("recall_result");
    long returned = System.nanoTime();
    JsonNode best = answer.path("results").path(0);
    boolean there = best.path("id").asText().equals("register-" + key);
    return Operation.read(there ? best.path("content").asLong() : 0, called, returned);
  }

  private static ArrayNode direction(ArrayNode values, int key) {
    for (int i = 0; i < DIMENSION; i++) {
      values.add(i == key ? 1 : 0);
    }
    return values;
  }
}
