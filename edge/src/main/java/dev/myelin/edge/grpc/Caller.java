package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.model.SpaceId;
import org.jspecify.annotations.Nullable;

/// Who calls, as far as the surface cares: the space that requests without one mean.
///
/// @param fallback the space of the metadata, else the default space
record Caller(SpaceId fallback) {
  private static final String SPACE = "x-memory-space";

  static Caller of(Call call) {
    @Nullable String space = call.headers().get(SPACE);
    return new Caller(space == null ? SpaceId.DEFAULT : SpaceId.parse(space));
  }

  /// The space of that name, or the fallback for the empty name.
  SpaceId space(String name) {
    return name.isEmpty() ? fallback : new SpaceId(fallback.tenant(), name);
  }
}
