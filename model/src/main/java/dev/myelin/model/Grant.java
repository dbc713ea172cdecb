package dev.myelin.model;

import org.jspecify.annotations.Nullable;

/// One scope of a key, written `read` or `read:{library}`.
///
/// @param space the library it is for, null for all of the tenant
public record Grant(Scope scope, @Nullable String space) {
  public Grant {
    if (space != null) {
      new SpaceId(SpaceId.DEFAULT_TENANT, space);
    }
  }

  /// The grant in a text.
  ///
  /// @throws ServiceException INVALID_REQUEST if it is none
  public static Grant parse(String text) {
    int colon = text.indexOf(':');
    Scope scope =
        Scope.parse(colon < 0 ? text : text.substring(0, colon)).orElseThrow(() -> invalid(text));
    try {
      return new Grant(scope, colon < 0 ? null : text.substring(colon + 1));
    } catch (ServiceException _) {
      throw invalid(text);
    }
  }

  private static ServiceException invalid(String text) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        "Invalid scope: "
            + Excerpt.of(text)
            + " (expected: read, write or admin, alone or with the id of a library behind a colon).");
  }

  boolean allows(Scope wanted, SpaceId space) {
    return scope.holds(wanted) && (this.space == null || this.space.equals(space.name()));
  }

  @Override
  public String toString() {
    return space == null ? scope.word() : scope.word() + ":" + space;
  }
}
