package dev.myelin.edge.gateway.message;

import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How clients name channels: `type:id`, or an object with both.
public final class Names {
  private Names() {}

  /// The channel of a name.
  ///
  /// @throws ServiceException INVALID_CHANNEL if it is no channel's name
  public static ChannelId channel(String tenant, @Nullable Object value) {
    if (value instanceof String text) {
      return ChannelId.parse(tenant, text);
    }
    if (value instanceof Map<?, ?> map
        && map.get("type") instanceof String type
        && (map.get("id") == null || map.get("id") instanceof String)) {
      return ChannelId.of(tenant, type, map.get("id") instanceof String id ? id : "");
    }
    throw new ServiceException(
        ErrorCode.INVALID_CHANNEL,
        "That names no channel (expected: \"type:id\", or {\"type\": ..., \"id\": ...}).");
  }

  /// The channel of a name, if somebody may hear it.
  ///
  /// @throws ServiceException INVALID_CHANNEL if not; it is not said whether there is such a one
  public static ChannelId readable(Principal principal, @Nullable Object value) {
    ChannelId channel = channel(principal.tenant(), value);
    if (!principal.may(ChannelAction.READ, channel)) {
      throw new ServiceException(
          ErrorCode.INVALID_CHANNEL,
          "There is no channel "
              + channel.name()
              + " that you may hear. Ask for it with its full name, or for permission.");
    }
    return channel;
  }

  /// As it was named, for an answer.
  public static String shown(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Object id = map.get("id");
      return map.get("type") + (id == null || id.equals("") ? "" : ":" + id);
    }
    return String.valueOf(value);
  }
}
