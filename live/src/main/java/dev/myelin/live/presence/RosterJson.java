package dev.myelin.live.presence;

import dev.myelin.model.ChannelId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;

/// The payload of `channel.presence` as JSON.
final class RosterJson {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final StringBuilder out = new StringBuilder(256);

  RosterJson(ChannelId channel, String kind, long version) {
    out.append("{\"channel\":{\"type\":");
    text(channel.type().word());
    out.append(",\"id\":");
    text(channel.id());
    out.append("},\"kind\":\"").append(kind).append("\",\"version\":").append(version);
  }

  RosterJson users(String field, Collection<UserView> views) {
    out.append(",\"").append(field).append("\":[");
    boolean first = true;
    for (UserView view : views) {
      if (!first) {
        out.append(',');
      }
      first = false;
      user(view);
    }
    out.append(']');
    return this;
  }

  private void user(UserView view) {
    out.append("{\"id\":");
    text(view.member().id());
    out.append(",\"name\":");
    text(view.member().name());
    out.append(",\"status\":\"").append(view.status().word()).append('"');
    if (view.activity() != null) {
      out.append(",\"activity\":").append(view.activity());
    }
    out.append(",\"devices\":").append(view.devices());
    time("joined_at", view.joined());
    time("last_active_at", view.lastActive());
    out.append('}');
  }

  private void time(String field, Instant at) {
    out.append(",\"").append(field).append("\":\"");
    MILLIS.formatTo(at, out);
    out.append('"');
  }

  /// Ends it with what is always there.
  byte[] counts(int users, int connections) {
    out.append(",\"counts\":{\"users\":").append(users);
    out.append(",\"connections\":").append(connections).append("}}");
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// A string as RFC 8259, section 7 has it; what is no character becomes U+FFFD.
  private void text(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        out.append(c).append(value.charAt(++i));
      } else {
        out.append(Character.isSurrogate(c) ? '\ufffd' : c);
      }
    }
    out.append('"');
  }
}
