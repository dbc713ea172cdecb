package dev.myelin.model;

import java.util.regex.Pattern;

/// Names one memory space inside a tenant. A library is the same thing seen over another surface.
///
/// A name is 3 to 64 characters of `a-z`, `0-9`, `_` and `-`; a UUID is such a name. Tenants are
/// named alike, by 1 to 64 characters.
public record SpaceId(String tenant, String name) {
  public static final String DEFAULT_TENANT = "default";

  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{3,64}");
  private static final Pattern TENANT = Pattern.compile("[a-z0-9_-]{1,64}");

  /// The space of requests that name none. Made after the pattern that it is checked by.
  public static final SpaceId DEFAULT = new SpaceId(DEFAULT_TENANT, "default");

  public SpaceId {
    if (!isTenant(tenant)) {
      throw new ServiceException(
          ErrorCode.INVALID_SPACE,
          "Invalid tenant: "
              + Excerpt.of(tenant)
              + " (expected: 1 to 64 characters of a-z, 0-9, _ and -, or a UUID).");
    }
    requireName("memory_space_id", name);
  }

  /// The space of that name in the default tenant; the empty text names the default space.
  ///
  /// @throws ServiceException INVALID_SPACE if the text is not a space name
  public static SpaceId parse(String text) {
    return of(DEFAULT_TENANT, text);
  }

  /// The space of that name in a tenant; the empty text names the tenant's default space.
  ///
  /// @throws ServiceException INVALID_SPACE if the text is not a space name
  public static SpaceId of(String tenant, String text) {
    return new SpaceId(tenant, text.isEmpty() ? DEFAULT.name : text);
  }

  /// Whether a space can have that name.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /// Whether a tenant can have that name.
  public static boolean isTenant(String text) {
    return TENANT.matcher(text).matches();
  }

  private static void requireName(String field, String name) {
    if (!isName(name)) {
      throw new ServiceException(
          ErrorCode.INVALID_SPACE,
          "Invalid "
              + field
              + ": "
              + Excerpt.of(name)
              + " (expected: 3 to 64 characters of a-z, 0-9, _ and -, or a UUID)."
              + " Choose such a name, or leave it out for the default space.");
    }
  }

  @Override
  public String toString() {
    return tenant.equals(DEFAULT_TENANT) ? name : tenant + "/" + name;
  }
}
