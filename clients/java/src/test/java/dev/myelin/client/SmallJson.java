package dev.myelin.client;

import com.google.protobuf.ByteString;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.StreamClose;
import dev.myelin.proto.engram.v1.StreamInit;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/// The JSON form of what [SmallServer] understands.
final class SmallJson {
  private SmallJson() {}

  static ObservationRequest request(String frame) {
    JsonObject json = new JsonObject(frame);
    ObservationRequest.Builder request = ObservationRequest.newBuilder();
    switch (json.getString("type")) {
      case "init" ->
          request
              .setSessionId(json.getString("resume_session_id", ""))
              .setInit(StreamInit.getDefaultInstance());
      case "observation" ->
          request
              .setSequenceNumber(json.getLong("sequence_number"))
              .setObservation(
                  Episode.newBuilder()
                      .setIdBytes(
                          ByteString.copyFromUtf8(json.getJsonObject("episode").getString("id"))));
      case "flow_control" ->
          request.setFlow(
              FlowControl.newBuilder()
                  .setAction(
                      json.getString("action").equals("pause")
                          ? FlowControl.Action.ACTION_PAUSE
                          : FlowControl.Action.ACTION_RESUME));
      case "recall" ->
          request.setRecall(
              StreamingRecallRequest.newBuilder().setRequestId(json.getString("request_id")));
      case "close" -> request.setClose(StreamClose.getDefaultInstance());
      default -> throw new IllegalArgumentException(frame);
    }
    return request.build();
  }

  static String reply(ObservationResponse reply) {
    JsonObject json = new JsonObject().put("session_id", reply.getSessionId());
    switch (reply.getResultCase()) {
      case INIT_ACK ->
          json.put("type", "init_ack")
              .put("initial_sequence", reply.getInitAck().getInitialSequence());
      case ACK -> ack(json, reply);
      case STATUS ->
          json.put("type", "status")
              .put("state", reply.getStatus().getState().name().substring("STATE_".length()))
              .put("last_sequence", reply.getStatus().getFinalSequence());
      case RECALL ->
          json.put("type", "recall_result")
              .put("request_id", reply.getRecall().getRequestId())
              .put("more_results", false)
              .put("snapshot_sequence", reply.getRecall().getSnapshotSequence())
              .put(
                  "results",
                  new JsonArray()
                      .add(new JsonObject().put("id", reply.getRecall().getResults(0).getId())));
      case ERROR ->
          json.put("type", "error")
              .put("code", reply.getError().getCode())
              .put("message", reply.getError().getMessage())
              .put("sequence_number", reply.getError().getSequenceNumber());
      default -> throw new IllegalArgumentException(reply.toString());
    }
    return json.encode();
  }

  private static void ack(JsonObject json, ObservationResponse reply) {
    ObservationAck ack = reply.getAck();
    json.put("type", "ack")
        .put("sequence_number", reply.getSequenceNumber())
        .put(
            "status", ack.getStatus().name().substring("STATUS_".length()).toLowerCase(Locale.ROOT))
        .put("memory_id", ack.getMemoryId())
        .put("code", ack.getCode())
        .put("reason", ack.getReason());
    if (ack.hasRetryAfterMs()) {
      json.put("retry_after_ms", ack.getRetryAfterMs());
    }
  }
}
