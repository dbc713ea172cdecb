package dev.myelin.edge.wire;

import dev.myelin.memory.RecallQuery;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.RecallMetadata;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.proto.engram.v1.StreamingRecallResponse;
import dev.myelin.stream.ServerMessage;
import java.time.Instant;

/// Requests to recall, and their answers.
public final class Recalls {
  /// Results of a [RecallRequest] that does not say how many.
  public static final int DEFAULT_RESULTS = 10;

  /// Results of a [StreamingRecallRequest] that does not say how many.
  public static final int DEFAULT_STREAMED_RESULTS = 100;

  private Recalls() {}

  public static RecallQuery read(RecallRequest request, SpaceId space, Instant now) {
    return Cues.read(
        request.getCue(),
        new Cues.Request(
            space, request.getMaxResults(), DEFAULT_RESULTS, request.getIncludeEmbeddings(), null),
        now);
  }

  public static RecallQuery read(StreamingRecallRequest request, SpaceId space, Instant now) {
    int max = request.getMaxResults();
    return Cues.read(
        request.getCue(),
        new Cues.Request(
            space,
            max < 0 ? RecallQuery.MAX_RESULTS : max,
            DEFAULT_STREAMED_RESULTS,
            request.getIncludeEmbeddings(),
            request.hasSnapshotTime()
                ? Timestamps.read(request.getSnapshotTime(), "snapshot_time", ErrorCode.INVALID_CUE)
                : null),
        now);
  }

  /// One batch of an answer.
  public static StreamingRecallResponse write(ServerMessage.RecallResult batch) {
    StreamingRecallResponse.Builder message =
        StreamingRecallResponse.newBuilder()
            .setMoreResults(batch.moreResults())
            .setMetadata(write(batch.summary()))
            .setSnapshotSequence(batch.snapshotSequence());
    if (!batch.requestId().isEmpty()) {
      message.setRequestId(batch.requestId());
    }
    for (Recalled result : batch.results()) {
      message.addResults(Memories.write(result));
    }
    return message.build();
  }

  public static RecallMetadata write(ServerMessage.RecallSummary summary) {
    return RecallMetadata.newBuilder()
        .setTotalActivated(summary.candidates())
        .setAboveThreshold(summary.returned())
        .setAvgActivation(summary.meanActivation())
        .setRecallTimeMs(summary.took().toMillis())
        .build();
  }
}
