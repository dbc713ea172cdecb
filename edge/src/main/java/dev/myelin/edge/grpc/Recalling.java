package dev.myelin.edge.grpc;

import dev.myelin.edge.wire.Episodes;
import dev.myelin.edge.wire.Memories;
import dev.myelin.edge.wire.Recalls;
import dev.myelin.memory.MemoryFilter;
import dev.myelin.memory.RecallQuery;
import dev.myelin.memory.Recollection;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.RecallResponse;
import dev.myelin.proto.engram.v1.RecognizeRequest;
import dev.myelin.proto.engram.v1.RecognizeResponse;
import dev.myelin.stream.ServerMessage.RecallSummary;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Recall and Recognize: one search, one answer.
final class Recalling {
  private static final float DEFAULT_THRESHOLD = 0.7f;
  private static final int SIMILAR_MEMORIES = 5;

  private final GrpcServices services;

  Recalling(GrpcServices services) {
    this.services = services;
  }

  CompletableFuture<RecallResponse> recall(RecallRequest request, Caller caller) {
    RecallQuery query =
        Recalls.read(request, caller.reads(request.getMemorySpaceId()), services.clock().instant());
    return find(query).thenApply(Recalling::answer);
  }

  CompletableFuture<RecognizeResponse> recognize(RecognizeRequest request, Caller caller) {
    Input input = input(request);
    float threshold =
        request.getRecognitionThreshold() == 0f
            ? DEFAULT_THRESHOLD
            : request.getRecognitionThreshold();
    if (!(threshold >= -1f && threshold <= 1f)) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid recognition_threshold: " + threshold + " (expected: -1 to 1; 0 for 0.7).");
    }
    return find(input.query(caller.reads(request.getMemorySpaceId())))
        .thenApply(found -> recognized(input, found, threshold));
  }

  /// Searches where it may block.
  CompletableFuture<Recollection> find(RecallQuery query) {
    return CompletableFuture.supplyAsync(
        () -> services.memories().recall(query), services.blocking());
  }

  static RecallSummary summary(Recollection found) {
    return new RecallSummary(
        found.candidates(),
        found.results().size(),
        (float) found.results().stream().mapToDouble(Recalled::activation).average().orElse(0),
        found.took());
  }

  private static RecallResponse answer(Recollection found) {
    float best = found.results().isEmpty() ? 0f : found.results().getFirst().similarity();
    RecallResponse.Builder answer =
        RecallResponse.newBuilder()
            .setRecallConfidence(Memories.write(Confidence.clamp(best)))
            .setMetadata(Recalls.write(summary(found)))
            .setSnapshotSequence(found.snapshotSequence());
    found.results().forEach(result -> answer.addMemories(Memories.write(result)));
    return answer.build();
  }

  private record Input(@Nullable Embedding embedding, String text) {
    RecallQuery query(SpaceId space) {
      return new RecallQuery(
          space,
          embedding,
          embedding == null ? text : null,
          MemoryFilter.NONE,
          SIMILAR_MEMORIES,
          -1f,
          Long.MAX_VALUE,
          false,
          false);
    }

    /// How like a memory is to the input: cosine of the meanings, or, between words, of their
    /// counts.
    float similarity(Recalled result) {
      return embedding != null
          ? result.similarity()
          : WordCounts.cosine(text, result.memory().content());
    }
  }

  private static Input input(RecognizeRequest request) {
    Input input =
        switch (request.getInputCase()) {
          case MEMORY ->
              new Input(
                  Episodes.embedding(request.getMemory().getEmbeddingList()),
                  request.getMemory().getContent());
          case EMBEDDING ->
              new Input(Episodes.embedding(request.getEmbedding().getValuesList()), "");
          case CONTENT -> new Input(null, request.getContent());
          case INPUT_NOT_SET -> new Input(null, "");
        };
    if (input.embedding() == null && input.text().isBlank()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "The request has nothing to recognise (expected: a memory, an embedding or content that is"
              + " not empty). Set one of them.");
    }
    return input;
  }

  private static RecognizeResponse recognized(Input input, Recollection found, float threshold) {
    float best = 0f;
    RecognizeResponse.Builder answer = RecognizeResponse.newBuilder();
    for (Recalled result : found.results()) {
      float similarity = input.similarity(result);
      best = Math.max(best, similarity);
      answer.addSimilarMemories(
          Memories.write(result).toBuilder().setSimilarity(similarity).build());
    }
    return answer
        .setRecognized(!found.results().isEmpty() && best >= threshold)
        .setRecognitionConfidence(Memories.write(Confidence.clamp(best)))
        .setFamiliarityScore(best)
        .build();
  }
}
