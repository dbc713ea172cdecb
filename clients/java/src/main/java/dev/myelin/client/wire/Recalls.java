package dev.myelin.client.wire;

import dev.myelin.client.model.Embedding;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.RecalledMemory;
import dev.myelin.proto.engram.v1.Confidence;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.CueFilter;
import dev.myelin.proto.engram.v1.EmbeddingCue;
import dev.myelin.proto.engram.v1.HybridCue;
import dev.myelin.proto.engram.v1.Memory;
import dev.myelin.proto.engram.v1.SemanticCue;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.proto.engram.v1.StreamingRecallResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Queries and their answers as protobuf messages.
public final class Recalls {
  private Recalls() {}

  public static StreamingRecallRequest request(RecallQuery query) {
    return StreamingRecallRequest.newBuilder()
        .setMemorySpaceId(query.space())
        .setCue(cue(query))
        .setMaxResults(query.limit())
        .setSnapshotIsolation(true)
        .setIncludeEmbeddings(query.includeEmbeddings())
        .build();
  }

  private static Cue cue(RecallQuery query) {
    Cue.Builder cue = Cue.newBuilder().setFilter(filter(query.filter()));
    if (query.filter().minConfidence() > 0) {
      cue.setThreshold(Confidence.newBuilder().setValue(query.filter().minConfidence()));
    }
    boolean words = !query.text().isBlank();
    boolean meaning = query.embedding().dimension() > 0;
    if (words && meaning) {
      cue.setHybrid(HybridCue.newBuilder().setEmbedding(meaning(query)).setSemantic(words(query)));
    } else if (meaning) {
      cue.setEmbedding(meaning(query));
    } else if (words) {
      cue.setSemantic(words(query));
    }
    return cue.build();
  }

  private static EmbeddingCue meaning(RecallQuery query) {
    EmbeddingCue.Builder cue =
        EmbeddingCue.newBuilder().setSimilarityThreshold(query.minSimilarity());
    for (float value : query.embedding().values()) {
      cue.addVector(value);
    }
    return cue.build();
  }

  private static SemanticCue words(RecallQuery query) {
    return SemanticCue.newBuilder()
        .setQuery(query.text())
        .setFuzzyThreshold(query.minSimilarity())
        .build();
  }

  private static CueFilter filter(RecallQuery.Filter conditions) {
    CueFilter.Builder filter =
        CueFilter.newBuilder()
            .setMinConfidence(conditions.minConfidence())
            .addAllRequiredTags(conditions.tags())
            .addAllExcludedTags(conditions.excludedTags())
            .addAllParticipants(conditions.people());
    if (conditions.since() != null) {
      filter.setTimeStart(Times.of(conditions.since()));
    }
    if (conditions.until() != null) {
      filter.setTimeEnd(Times.of(conditions.until()));
    }
    if (conditions.place() != null) {
      filter.setLocation(conditions.place());
    }
    return filter.build();
  }

  public static Reply.Found found(StreamingRecallResponse response) {
    List<RecalledMemory> memories = new ArrayList<>(response.getResultsCount());
    for (Memory memory : response.getResultsList()) {
      memories.add(memory(memory));
    }
    return new Reply.Found(
        response.getRequestId(),
        memories,
        response.getMoreResults(),
        response.getSnapshotSequence(),
        response.getMetadata().getTotalActivated(),
        Duration.ofMillis(response.getMetadata().getRecallTimeMs()));
  }

  private static RecalledMemory memory(Memory memory) {
    float[] embedding = new float[memory.getEmbeddingCount()];
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] = memory.getEmbedding(i);
    }
    return new RecalledMemory(
        memory.getId(),
        memory.getContent(),
        memory.hasSimilarity() ? memory.getSimilarity() : Float.NaN,
        memory.getActivation(),
        memory.getConfidence().getValue(),
        memory.hasOccurredAt() ? Times.of(memory.getOccurredAt()) : null,
        memory.hasCreatedAt() ? Times.of(memory.getCreatedAt()) : null,
        memory.getTagsList(),
        memory.getWhoList(),
        memory.hasWhereLocation() ? memory.getWhereLocation() : null,
        memory.getMetadataMap(),
        Embedding.of(embedding));
  }
}
