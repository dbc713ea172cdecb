package dev.myelin.edge.gateway.socket;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How clients name channels: `type:id`, or an object with both.
final class Names {
  private Names() {}

  /// @throws ServiceException INVALID_CHANNEL if it is no channel's name
  static ChannelId channel(String tenant, @Nullable Object value) {
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

  /// As it was named, for an answer.
  static String shown(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Object id = map.get("id");
      return map.get("type") + (id == null || id.equals("") ? "" : ":" + id);
    }
    return String.valueOf(value);
  }
}
