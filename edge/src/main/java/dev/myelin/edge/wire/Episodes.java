package dev.myelin.edge.wire;

import com.google.protobuf.Internal.FloatList;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.MemoryType;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What clients send to be remembered: protobuf episodes and memories as [Episode].
public final class Episodes {
  private Episodes() {}

  /// The episode that a message tells.
  ///
  /// @throws ServiceException INVALID_EPISODE or INVALID_EMBEDDING, saying what is wrong
  public static Episode read(dev.myelin.proto.engram.v1.Episode message) {
    return read(message, floats(message.getEmbeddingList()));
  }

  /// The episode that a message tells, but for its embedding, which is given; empty for none.
  static Episode read(dev.myelin.proto.engram.v1.Episode message, float[] embedding) {
    return new Episode(
        id(message.getId()),
        message.hasWhen() ? when(message.getWhen()) : null,
        message.getWhat(),
        embedding.length == 0 ? null : Embedding.of(embedding),
        message.hasEncodingConfidence()
            ? Confidence.clamp(message.getEncodingConfidence().getValue())
            : Confidence.DEFAULT,
        circumstances(message));
  }

  /// A memory to remember happened at `occurred_at`, else when it is committed.
  ///
  /// @throws ServiceException INVALID_EPISODE or INVALID_EMBEDDING, saying what is wrong
  public static Episode read(dev.myelin.proto.engram.v1.Memory message) {
    return new Episode(
        id(message.getId()),
        message.hasOccurredAt() ? when(message.getOccurredAt()) : null,
        message.getContent(),
        embedding(message.getEmbeddingList()),
        message.hasConfidence()
            ? Confidence.clamp(message.getConfidence().getValue())
            : Confidence.DEFAULT,
        new Circumstances(
            text(message.getWhereLocation()),
            message.getWhoList(),
            null,
            null,
            message.getTagsList(),
            message.getMetadataMap(),
            type(message.getMemoryType()),
            decayRate(message.getDecayRate()),
            Circumstances.DEFAULT_IMPORTANCE,
            0f));
  }

  /// The embedding of these values, or null if there are none.
  public static @Nullable Embedding embedding(List<Float> list) {
    return list.isEmpty() ? null : Embedding.of(floats(list));
  }

  static MemoryType type(dev.myelin.proto.engram.v1.MemoryType type) {
    return switch (type) {
      case MEMORY_TYPE_EPISODIC -> MemoryType.EPISODIC;
      case MEMORY_TYPE_SEMANTIC -> MemoryType.SEMANTIC;
      case MEMORY_TYPE_PROCEDURAL -> MemoryType.PROCEDURAL;
      case MEMORY_TYPE_WORKING -> MemoryType.WORKING;
      case MEMORY_TYPE_UNSPECIFIED, UNRECOGNIZED -> MemoryType.UNSPECIFIED;
    };
  }

  static @Nullable String text(String value) {
    return value.isEmpty() ? null : value;
  }

  static @Nullable MemoryId id(String value) {
    return value.isEmpty() ? null : new MemoryId(value);
  }

  private static float[] floats(List<Float> list) {
    float[] values = new float[list.size()];
    if (list instanceof FloatList primitive) {
      for (int i = 0; i < values.length; i++) {
        values[i] = primitive.getFloat(i);
      }
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = list.get(i);
      }
    }
    return values;
  }

  private static Instant when(com.google.protobuf.Timestamp time) {
    return Timestamps.read(time, "when", ErrorCode.INVALID_EPISODE);
  }

  private static Circumstances circumstances(dev.myelin.proto.engram.v1.Episode message) {
    if (isPlain(message)) {
      return Circumstances.NONE;
    }
    return new Circumstances(
        text(message.getWhereLocation()),
        message.getWhoList(),
        text(message.getWhy()),
        text(message.getHow()),
        message.getTagsList(),
        message.getMetadataMap(),
        type(message.getMemoryType()),
        decayRate(message.getDecayRate()),
        importance(message.getImportance()),
        Math.clamp(finite("emotional_valence", message.getEmotionalValence()), -1f, 1f));
  }

  private static boolean isPlain(dev.myelin.proto.engram.v1.Episode message) {
    return message.getWhereLocation().isEmpty()
        && message.getWhoCount() == 0
        && message.getWhy().isEmpty()
        && message.getHow().isEmpty()
        && message.getTagsCount() == 0
        && message.getMetadataCount() == 0
        && message.getMemoryTypeValue() == 0
        && message.getDecayRate() == 0f
        && message.getImportance() == 0f
        && message.getEmotionalValence() == 0f;
  }

  static @Nullable Float decayRate(float value) {
    return finite("decay_rate", value) > 0f ? (Float) value : null;
  }

  static float importance(float value) {
    return finite("importance", value) == 0f
        ? Circumstances.DEFAULT_IMPORTANCE
        : Math.clamp(value, 0f, 1f);
  }

  static float finite(String field, float value) {
    if (!Float.isFinite(value)) {
      throw new ServiceException(
          ErrorCode.INVALID_EPISODE,
          "Invalid "
              + field
              + ": "
              + value
              + " (expected: a finite number). Correct it, or leave it out.");
    }
    return value;
  }
}
