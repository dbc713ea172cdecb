package dev.myelin.client.wire;

import dev.myelin.client.model.Embedding;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.RecalledMemory;
import java.time.Duration;
import java.util.List;

/// Reads replies from their JSON objects.
final class JsonReplies {
  private JsonReplies() {}

  static Reply of(JsonObject json) {
    return switch (json.text("type")) {
      case "ack" -> ack(json);
      case "ack_batch" ->
          new Reply.Range(
              json.number("from"),
              json.number("to"),
              json.time("committed_at"),
              json.objects("rejected").stream().map(JsonReplies::rejected).toList());
      case "init_ack" -> new Reply.Opened(json.text("session_id"), json.number("initial_sequence"));
      case "status" ->
          new Reply.Status(
              Reply.State.parse(json.text("state")),
              json.text("message"),
              json.number(json.has("final_sequence") ? "final_sequence" : "last_sequence"),
              json.fraction("pressure", 0f),
              json.millis("retry_after_ms"));
      case "recall_result" -> found(json);
      case "error" ->
          new Reply.Failed(
              json.number("sequence_number"), json.text("request_id"), reason(json, "message"));
      case "heartbeat" -> new Reply.Heartbeat();
      default -> new Reply.Unknown();
    };
  }

  private static Reply ack(JsonObject json) {
    return switch (json.text("status")) {
      case "accepted" ->
          new Reply.Accepted(
              json.number("sequence_number"),
              json.text("memory_id"),
              json.time("committed_at"),
              json.flag("replaced"));
      case "rejected" -> rejected(json);
      case "indexed" -> new Reply.Indexed(json.number("sequence_number"), json.text("memory_id"));
      default -> new Reply.Unknown();
    };
  }

  private static Reply.Rejected rejected(JsonObject json) {
    return new Reply.Rejected(json.number("sequence_number"), reason(json, "reason"));
  }

  private static MyelinException reason(JsonObject json, String textField) {
    return new MyelinException(
        json.text("code"), json.text(textField), json.millis("retry_after_ms"));
  }

  private static Reply.Found found(JsonObject json) {
    List<RecalledMemory> memories =
        json.objects("results").stream().map(JsonReplies::memory).toList();
    JsonObject metadata = json.object("metadata");
    return new Reply.Found(
        json.text("request_id"),
        memories,
        json.flag("more_results"),
        json.number("snapshot_sequence"),
        (int) metadata.number("total_activated"),
        Duration.ofMillis(metadata.number("recall_time_ms")));
  }

  private static RecalledMemory memory(JsonObject json) {
    return new RecalledMemory(
        json.text("id"),
        json.text("content"),
        json.fraction("similarity", Float.NaN),
        json.fraction("activation", 0f),
        json.fraction("confidence", 0f),
        json.time("when"),
        json.time("created_at"),
        json.texts("tags"),
        json.texts("who"),
        json.textOrNull("where_location"),
        json.object("metadata").pairs(),
        Embedding.of(json.floats("embedding")));
  }
}
