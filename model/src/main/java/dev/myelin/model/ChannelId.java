package dev.myelin.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/// Names one channel inside a tenant: written `team:core`, or `system` where there is one per
/// tenant.
///
/// @param id 1 to 200 characters of `A-Z`, `a-z`, `0-9`, `.`, `_`, `~`, `-` and `:`; empty for the
///   types of which a tenant has one; of a library, the name of its space
public record ChannelId(String tenant, ChannelType type, String id) {
  private static final int MAX_ID = 200;

  public ChannelId {
    if (!SpaceId.isTenant(tenant)) {
      throw invalid("tenant", tenant, "1 to 64 characters of a-z, 0-9, _ and -");
    }
    if (type.isGlobal() != id.isEmpty() || !isId(id)) {
      throw invalid("channel", type.word() + ":" + id, expected(type));
    }
    if (type == ChannelType.LIBRARY && !SpaceId.isName(id)) {
      throw invalid("channel", type.word() + ":" + id, expected(type));
    }
  }

  /// The channel of that name in a tenant.
  ///
  /// @throws ServiceException INVALID_CHANNEL if the text is not a channel's name
  public static ChannelId parse(String tenant, String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? of(tenant, text, "")
        : of(tenant, text.substring(0, colon), text.substring(colon + 1));
  }

  /// The channel of a type, given by its word, and an id.
  ///
  /// @throws ServiceException INVALID_CHANNEL if there is no such type, or the id is not one
  public static ChannelId of(String tenant, String type, String id) {
    ChannelType known =
        ChannelType.parse(type)
            .orElseThrow(() -> invalid("type of a channel", type, ChannelId.types()));
    return new ChannelId(tenant, known, id);
  }

  /// The channel on which a library's changes are told.
  public static ChannelId ofLibrary(SpaceId library) {
    return new ChannelId(library.tenant(), ChannelType.LIBRARY, library.name());
  }

  /// The channel of one user's own. What an id cannot have, and `~`, is written as `~` and two
  /// hexadecimal digits per byte of UTF-8: the user `auth0|ann` has the channel `user:auth0~7Cann`.
  ///
  /// @throws ServiceException INVALID_CHANNEL if that makes more than 200 characters, or none
  public static ChannelId ofUser(String tenant, String subject) {
    StringBuilder id = new StringBuilder(subject.length());
    for (byte unit : subject.getBytes(StandardCharsets.UTF_8)) {
      if (unit > 0 && unit != '~' && isIdCharacter((char) unit)) {
        id.append((char) unit);
      } else {
        id.append('~').append(HexFormat.of().withUpperCase().toHexDigits(unit));
      }
    }
    return new ChannelId(tenant, ChannelType.USER, id.toString());
  }

  /// The library whose changes are told on this channel.
  public SpaceId space() {
    if (type != ChannelType.LIBRARY) {
      throw new IllegalStateException("channel: " + name() + " (expected: library:{id})");
    }
    return new SpaceId(tenant, id);
  }

  /// How it is written inside its tenant: `team:core`, `system`.
  public String name() {
    return type.isGlobal() ? type.word() : type.word() + ":" + id;
  }

  private static boolean isId(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (!isIdCharacter(id.charAt(i))) {
        return false;
      }
    }
    return id.length() <= MAX_ID;
  }

  private static boolean isIdCharacter(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    boolean digit = c >= '0' && c <= '9';
    return letter || digit || "._~-:".indexOf(c) >= 0;
  }

  private static String expected(ChannelType type) {
    if (type.isGlobal()) {
      return type.word() + " without an id";
    }
    return type == ChannelType.LIBRARY
        ? "library: and 3 to 64 characters of a-z, 0-9, _ and -"
        : type.word() + ": and 1 to " + MAX_ID + " characters of A-Z, a-z, 0-9, ., _, ~, - and :";
  }

  private static String types() {
    return Arrays.stream(ChannelType.values())
        .map(ChannelType::word)
        .collect(Collectors.joining(", "));
  }

  private static ServiceException invalid(String field, String value, String expected) {
    return new ServiceException(
        ErrorCode.INVALID_CHANNEL,
        "Invalid "
            + field
            + ": "
            + Excerpt.of(value)
            + " (expected: "
            + expected
            + "). Name a channel as type:id, such as team:core.");
  }

  @Override
  public String toString() {
    return tenant.equals(SpaceId.DEFAULT_TENANT) ? name() : tenant + "/" + name();
  }
}
