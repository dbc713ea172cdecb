package dev.myelin.client.wire;

import dev.myelin.client.model.SpaceEvent;
import dev.myelin.client.model.SpaceInfo;
import dev.myelin.proto.engram.v1.StreamEventType;
import dev.myelin.proto.engram.v1.StreamResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Reads what the server says about spaces.
public final class Spaces {
  private Spaces() {}

  /// The answer of `GET /v1/spaces`.
  public static List<SpaceInfo> of(JsonObject json) {
    return json.objects("spaces").stream().map(Spaces::info).toList();
  }

  private static SpaceInfo info(JsonObject json) {
    return new SpaceInfo(
        json.text("id"),
        (int) json.number("dimension"),
        json.number("memories"),
        json.number("last_offset"),
        json.time("created_at"),
        json.time("oldest"),
        json.time("newest"),
        json.number("index_lag"),
        json.number("embedding_lag"));
  }

  /// One event of the `Stream` rpc.
  public static SpaceEvent event(StreamResponse response) {
    Map<String, String> said = response.getMetadataMap();
    return new SpaceEvent(
        kind(response.getEventType(), said),
        response.hasTimestamp() ? Times.of(response.getTimestamp()) : Instant.EPOCH,
        said.getOrDefault("space", ""),
        said.getOrDefault("memory_id", ""),
        said.getOrDefault("content", ""),
        number(said.get("offset")),
        number(said.get("missed")),
        said);
  }

  private static SpaceEvent.Kind kind(StreamEventType type, Map<String, String> said) {
    if (said.containsKey("missed")) {
      return SpaceEvent.Kind.MISSED;
    }
    if (type != StreamEventType.STREAM_EVENT_TYPE_STORAGE) {
      return SpaceEvent.Kind.OTHER;
    }
    return switch (said.getOrDefault("change", "stored")) {
      case "stored", "remembered", "replaced" -> SpaceEvent.Kind.STORED;
      case "deleted", "suppressed", "forgotten" -> SpaceEvent.Kind.FORGOTTEN;
      case "restored" -> SpaceEvent.Kind.RESTORED;
      case "indexed", "embedded" -> SpaceEvent.Kind.INDEXED;
      default -> SpaceEvent.Kind.OTHER;
    };
  }

  private static long number(@org.jspecify.annotations.Nullable String text) {
    return text == null || !text.matches("[0-9]{1,18}") ? 0 : Long.parseLong(text);
  }
}
