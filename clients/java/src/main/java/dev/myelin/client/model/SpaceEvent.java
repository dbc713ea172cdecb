package dev.myelin.client.model;

import java.time.Instant;
import java.util.Map;

/// Something that happened in a space.
///
/// @param kind what happened
/// @param at when
/// @param space where
/// @param memoryId the memory it concerns; empty for MISSED
/// @param content what the memory says; empty where the event does not carry it
/// @param sequence the memory's commit number; 0 where the event does not carry it
/// @param missed how many events were not delivered, for MISSED
/// @param metadata all that the server said
public record SpaceEvent(
    Kind kind,
    Instant at,
    String space,
    String memoryId,
    String content,
    long sequence,
    long missed,
    Map<String, String> metadata) {
  public SpaceEvent {
    metadata = Map.copyOf(metadata);
  }

  /// Kinds of events.
  public enum Kind {
    /// A memory is durable and visible.
    STORED,
    /// A memory is gone or hidden.
    FORGOTTEN,
    /// A hidden memory is back.
    RESTORED,
    /// A text has its embedding.
    INDEXED,
    /// Some events did not arrive: this reader was too slow, or was not connected.
    MISSED,
    /// Something that this version of the client does not know.
    OTHER
  }
}
