package dev.myelin.model;

import java.util.List;

/// On whose behalf something is asked: the key that was shown, and what it may.
///
/// A principal sees its own tenant only; of others, not even that they exist.
///
/// @param generation how often the key's secret had been changed when it was shown
/// @param name the key's, for people
public record Principal(
    String tenant, String keyId, int generation, String name, List<Grant> grants) {
  private static final String ROOT_KEY = "root";

  /// Who runs the server: everything in the default tenant, and the tenants themselves.
  public static final Principal ROOT =
      new Principal(
          SpaceId.DEFAULT_TENANT, ROOT_KEY, 0, ROOT_KEY, List.of(new Grant(Scope.ADMIN, null)));

  /// Who showed no key where one is needed: may nothing.
  public static final Principal NOBODY =
      new Principal(SpaceId.DEFAULT_TENANT, "nobody", 0, "nobody", List.of());

  public Principal {
    grants = List.copyOf(grants);
  }

  /// Whether this is who runs the server, the only one who manages tenants.
  public boolean isRoot() {
    return keyId.equals(ROOT_KEY);
  }

  /// Whether this is a key that was made here, and so can be revoked.
  public boolean hasKey() {
    return !isRoot() && !equals(NOBODY);
  }

  /// The space of that name in the principal's tenant; the empty text names the default space.
  ///
  /// @throws ServiceException INVALID_SPACE if the text is not a space name
  public SpaceId space(String name) {
    return SpaceId.of(tenant, name);
  }

  public boolean may(Scope scope, SpaceId space) {
    return space.tenant().equals(tenant)
        && grants.stream().anyMatch(grant -> grant.allows(scope, space));
  }

  /// Whether it may do so in every space of its tenant, also in those to come.
  public boolean mayEverywhere(Scope scope) {
    return grants.stream().anyMatch(grant -> grant.space() == null && grant.scope().holds(scope));
  }

  /// Gives the space back, if the principal may do so there.
  ///
  /// @throws ServiceException PERMISSION_DENIED if not, whether the space exists or not
  public SpaceId require(Scope scope, SpaceId space) {
    if (!may(scope, space)) {
      throw denied(scope, space.name());
    }
    return space;
  }

  /// Refuses a principal that may not do so in every space of its tenant.
  ///
  /// @throws ServiceException PERMISSION_DENIED if it may not
  public void requireEverywhere(Scope scope) {
    if (!mayEverywhere(scope)) {
      throw denied(scope, "all libraries");
    }
  }

  private static ServiceException denied(Scope scope, String where) {
    return new ServiceException(
        ErrorCode.PERMISSION_DENIED,
        "This key may not "
            + scope.word()
            + " "
            + where
            + " (expected: a key with the scope "
            + scope.word()
            + " for it). Use another key, or ask whoever administers them.");
  }
}
