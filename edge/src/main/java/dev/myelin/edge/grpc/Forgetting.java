package dev.myelin.edge.grpc;

import dev.myelin.edge.wire.Memories;
import dev.myelin.memory.ForgetMode;
import dev.myelin.model.Confidence;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.ForgetRequest;
import dev.myelin.proto.engram.v1.ForgetResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Forget: one memory, by its name.
final class Forgetting {
  private final GrpcServices services;

  Forgetting(GrpcServices services) {
    this.services = services;
  }

  CompletableFuture<ForgetResponse> forget(ForgetRequest request, Caller caller) {
    SpaceId space = caller.writes(request.getMemorySpaceId());
    ForgetMode mode = mode(request);
    MemoryId id = target(request);
    return CompletableFuture.supplyAsync(
        () -> answer(services.memories().forget(space, List.of(id), mode), mode),
        services.blocking());
  }

  private static ForgetResponse answer(int affected, ForgetMode mode) {
    return ForgetResponse.newBuilder()
        .setMemoriesAffected(affected)
        .setForgetConfidence(Memories.write(new Confidence(affected > 0 ? 1f : 0f)))
        .setReversible(affected > 0 && mode != ForgetMode.DELETE)
        .build();
  }

  private static MemoryId target(ForgetRequest request) {
    return switch (request.getTargetCase()) {
      case MEMORY_ID -> new MemoryId(request.getMemoryId());
      case PATTERN ->
          throw new ServiceException(
              ErrorCode.UNSUPPORTED,
              "Forgetting by a pattern is not supported. Recall first, then forget by memory_id.");
      case TARGET_NOT_SET ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "The request has no target. Set memory_id to the memory to forget.");
    };
  }

  private static ForgetMode mode(ForgetRequest request) {
    return switch (request.getMode()) {
      case FORGET_MODE_DELETE -> ForgetMode.DELETE;
      case FORGET_MODE_SUPPRESS -> ForgetMode.SUPPRESS;
      case FORGET_MODE_RESTORE -> ForgetMode.RESTORE;
      case FORGET_MODE_OVERWRITE ->
          throw new ServiceException(
              ErrorCode.UNSUPPORTED,
              "Forgetting by overwriting is not supported. Remember something else under the same id,"
                  + " or use DELETE.");
      case FORGET_MODE_UNSPECIFIED, UNRECOGNIZED ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "The request has no mode (expected: SUPPRESS, DELETE or RESTORE). Set one of them.");
    };
  }
}
