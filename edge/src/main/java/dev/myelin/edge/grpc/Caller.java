package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.SpaceId;
import java.util.Objects;

/// Who calls, and the space that requests without one mean.
///
/// @param fallback the space of the metadata, else the tenant's default space
public record Caller(Principal principal, SpaceId fallback) {
  private static final String SPACE = "x-memory-space";

  public static Caller of(Call call) {
    Principal principal = call.principal();
    String space = Objects.requireNonNullElse(call.headers().get(SPACE), "");
    return new Caller(principal, principal.space(space));
  }

  /// The space of that name, or the fallback for the empty name, to be read.
  ///
  /// @throws dev.myelin.model.ServiceException PERMISSION_DENIED if the caller may not
  public SpaceId reads(String name) {
    return principal.require(Scope.READ, space(name));
  }

  /// The space of that name, or the fallback for the empty name, to be changed.
  ///
  /// @throws dev.myelin.model.ServiceException PERMISSION_DENIED if the caller may not
  public SpaceId writes(String name) {
    return principal.require(Scope.WRITE, space(name));
  }

  private SpaceId space(String name) {
    return name.isEmpty() ? fallback : principal.space(name);
  }
}
