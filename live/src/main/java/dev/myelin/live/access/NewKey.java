package dev.myelin.live.access;

import dev.myelin.model.Grant;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key to be made.
///
/// @param tenant the default one, or one that was made
/// @param grants what it may, 1 to 256
/// @param lifetime when it dies, null for never
public record NewKey(String tenant, String name, List<Grant> grants, @Nullable Duration lifetime) {
  private static final int MAX_GRANTS = 256;

  /// @throws dev.myelin.model.ServiceException INVALID_REQUEST names what is wrong
  public NewKey {
    grants = List.copyOf(grants);
    Checks.name(name);
    Checks.that(
        !grants.isEmpty() && grants.size() <= MAX_GRANTS,
        "scopes: " + grants.size() + " of them (expected: 1 to " + MAX_GRANTS + ").");
    Checks.lifetime(lifetime);
  }
}
