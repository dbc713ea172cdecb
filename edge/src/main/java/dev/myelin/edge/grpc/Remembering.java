package dev.myelin.edge.grpc;

import dev.myelin.edge.wire.Episodes;
import dev.myelin.edge.wire.Memories;
import dev.myelin.edge.wire.Timestamps;
import dev.myelin.journal.Lane;
import dev.myelin.memory.Commitment;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.Remember;
import dev.myelin.memory.Stored;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.ConsolidationState;
import dev.myelin.proto.engram.v1.ExperienceRequest;
import dev.myelin.proto.engram.v1.ExperienceResponse;
import dev.myelin.proto.engram.v1.RememberRequest;
import dev.myelin.proto.engram.v1.RememberResponse;
import java.util.concurrent.CompletableFuture;

/// Remember and Experience: one episode, answered when it is durable and visible.
final class Remembering {
  private final MemoryEngine memories;

  Remembering(MemoryEngine memories) {
    this.memories = memories;
  }

  CompletableFuture<RememberResponse> remember(RememberRequest request, Caller caller) {
    Episode episode =
        switch (request.getMemoryTypeCase()) {
          case MEMORY -> Episodes.read(request.getMemory());
          case EPISODE -> Episodes.read(request.getEpisode());
          case MEMORYTYPE_NOT_SET -> throw missing("memory or episode");
        };
    return store(caller.writes(request.getMemorySpaceId()), episode)
        .thenApply(stored ->
            RememberResponse.newBuilder()
                .setMemoryId(stored.id().value())
                .setStorageConfidence(Memories.write(episode.confidence()))
                .setInitialState(ConsolidationState.CONSOLIDATION_STATE_RECENT)
                .setCommittedAt(Timestamps.of(stored.committedAt()))
                .setSequence(stored.offset())
                .setReplaced(stored.replaced())
                .build());
  }

  CompletableFuture<ExperienceResponse> experience(ExperienceRequest request, Caller caller) {
    if (!request.hasEpisode()) {
      throw missing("episode");
    }
    Episode episode = Episodes.read(request.getEpisode());
    return store(caller.writes(request.getMemorySpaceId()), episode)
        .thenApply(stored ->
            ExperienceResponse.newBuilder()
                .setEpisodeId(stored.id().value())
                .setEncodingQuality(Memories.write(episode.confidence()))
                .setState(ConsolidationState.CONSOLIDATION_STATE_RECENT)
                .setCommittedAt(Timestamps.of(stored.committedAt()))
                .setSequence(stored.offset())
                .build());
  }

  private CompletableFuture<Stored> store(SpaceId space, Episode episode) {
    Pending pending = new Pending();
    memories.commit(new Remember(space, episode, Lane.NORMAL), pending);
    return pending.outcome;
  }

  private static ServiceException missing(String field) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST, "The request has no " + field + ". Set it.");
  }

  private static final class Pending implements Commitment {
    private final CompletableFuture<Stored> outcome = new CompletableFuture<>();

    @Override
    public void stored(Stored stored) {
      outcome.complete(stored);
    }

    @Override
    public void refused(ServiceException reason) {
      outcome.completeExceptionally(reason);
    }
  }
}
