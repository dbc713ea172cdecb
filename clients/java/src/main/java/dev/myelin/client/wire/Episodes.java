package dev.myelin.client.wire;

import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.proto.engram.v1.Confidence;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.ObservationPriority;

/// Observations as protobuf messages.
final class Episodes {
  private Episodes() {}

  /// Everything but the embedding.
  static Episode withoutEmbedding(Observation observation, String id) {
    Episode.Builder episode = Episode.newBuilder().setId(id).setWhat(observation.what());
    observation.when().ifPresent(when -> episode.setWhen(Times.of(when)));
    if (observation.confidence() >= 0) {
      episode.setEncodingConfidence(Confidence.newBuilder().setValue(observation.confidence()));
    }
    if (!observation.details().equals(Observation.Details.NONE)) {
      details(episode, observation.details());
    }
    return episode.build();
  }

  private static void details(Episode.Builder episode, Observation.Details details) {
    if (details.place() != null) {
      episode.setWhereLocation(details.place());
    }
    if (details.why() != null) {
      episode.setWhy(details.why());
    }
    if (details.how() != null) {
      episode.setHow(details.how());
    }
    episode
        .addAllWho(details.people())
        .addAllTags(details.tags())
        .putAllMetadata(details.metadata())
        .setImportance(details.importance())
        .setEmotionalValence(details.emotionalValence());
  }

  static ObservationPriority priority(Priority priority) {
    return switch (priority) {
      case HIGH -> ObservationPriority.OBSERVATION_PRIORITY_HIGH;
      case NORMAL -> ObservationPriority.OBSERVATION_PRIORITY_NORMAL;
      case LOW -> ObservationPriority.OBSERVATION_PRIORITY_LOW;
    };
  }
}
