package dev.myelin.edge.wire;

import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Memory;
import dev.myelin.proto.engram.v1.ConfidenceCategory;
import dev.myelin.proto.engram.v1.ConsolidationState;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.MemoryType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is remembered, as protobuf.
public final class Memories {
  private Memories() {}

  /// One result of a recall; it carries its embedding if the memory does.
  public static dev.myelin.proto.engram.v1.Memory write(Recalled recalled) {
    Memory memory = recalled.memory();
    Circumstances circumstances = memory.circumstances();
    var message =
        dev.myelin.proto.engram.v1.Memory.newBuilder()
            .setId(memory.id().value())
            .setActivation(recalled.activation())
            .setConfidence(write(memory.confidence()))
            .setCreatedAt(Timestamps.of(memory.committedAt()))
            .setContent(memory.content())
            .putAllMetadata(circumstances.metadata())
            .addAllTags(circumstances.tags())
            .setMemoryType(type(circumstances.type()))
            .setSimilarity(recalled.similarity())
            .setOccurredAt(Timestamps.of(memory.when()))
            .setSequence(memory.offset())
            .addAllWho(circumstances.people());
    Float decayRate = circumstances.decayRate();
    if (decayRate != null) {
      message.setDecayRate(decayRate);
    }
    String place = circumstances.place();
    if (place != null) {
      message.setWhereLocation(place);
    }
    return message.addAllEmbedding(values(memory.episode().embedding())).build();
  }

  /// The memory as the episode it was, without its embedding.
  public static Episode writeEpisode(Memory memory) {
    Circumstances circumstances = memory.circumstances();
    Episode.Builder message =
        Episode.newBuilder()
            .setId(memory.id().value())
            .setWhen(Timestamps.of(memory.when()))
            .setWhat(memory.content())
            .setEncodingConfidence(write(memory.confidence()))
            .addAllWho(circumstances.people())
            .setImportance(circumstances.importance())
            .setEmotionalValence(circumstances.emotionalValence())
            .setConsolidationState(ConsolidationState.CONSOLIDATION_STATE_RECENT)
            .addAllTags(circumstances.tags())
            .putAllMetadata(circumstances.metadata())
            .setMemoryType(type(circumstances.type()));
    Float decayRate = circumstances.decayRate();
    if (decayRate != null) {
      message.setDecayRate(decayRate);
    }
    return message
        .setWhereLocation(orEmpty(circumstances.place()))
        .setWhy(orEmpty(circumstances.why()))
        .setHow(orEmpty(circumstances.how()))
        .build();
  }

  public static dev.myelin.proto.engram.v1.Confidence write(Confidence confidence) {
    ConfidenceCategory category =
        switch (confidence.category()) {
          case NONE -> ConfidenceCategory.CONFIDENCE_CATEGORY_NONE;
          case LOW -> ConfidenceCategory.CONFIDENCE_CATEGORY_LOW;
          case MEDIUM -> ConfidenceCategory.CONFIDENCE_CATEGORY_MEDIUM;
          case HIGH -> ConfidenceCategory.CONFIDENCE_CATEGORY_HIGH;
          case CERTAIN -> ConfidenceCategory.CONFIDENCE_CATEGORY_CERTAIN;
        };
    return dev.myelin.proto.engram.v1.Confidence.newBuilder()
        .setValue(confidence.value())
        .setCategory(category)
        .build();
  }

  private static MemoryType type(dev.myelin.model.MemoryType type) {
    return switch (type) {
      case UNSPECIFIED -> MemoryType.MEMORY_TYPE_UNSPECIFIED;
      case EPISODIC -> MemoryType.MEMORY_TYPE_EPISODIC;
      case SEMANTIC -> MemoryType.MEMORY_TYPE_SEMANTIC;
      case PROCEDURAL -> MemoryType.MEMORY_TYPE_PROCEDURAL;
      case WORKING -> MemoryType.MEMORY_TYPE_WORKING;
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<Float> values(@Nullable Embedding embedding) {
    return embedding == null ? List.of() : new FloatView(embedding.values());
  }
}
