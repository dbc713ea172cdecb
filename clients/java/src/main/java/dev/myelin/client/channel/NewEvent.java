package dev.myelin.client.channel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event to be said on a channel. Immutable.
///
/// @param type such as `team.activity`: lower case words with dots between, 64 characters at most
/// @param payload what it tells: texts, numbers, truth values, times, lists and maps of such
/// @param id names the request: sent again within 24 hours under the same id, also by another
///   process, it is done once; null for one that the client makes
/// @param correlationId what it belongs to, 64 characters at most; null for none
/// @param ephemeral only for who listens now: without an offset, not kept
public record NewEvent(
    String type,
    Map<String, @Nullable Object> payload,
    @Nullable String id,
    @Nullable String correlationId,
    boolean ephemeral) {
  public NewEvent {
    payload = Collections.unmodifiableMap(new LinkedHashMap<>(payload));
  }

  public static NewEvent of(String type, Map<String, @Nullable Object> payload) {
    return new NewEvent(type, payload, null, null, false);
  }

  /// The same, done once however often and by whomever it is sent under that id.
  public NewEvent withId(String other) {
    return new NewEvent(type, payload, other, correlationId, ephemeral);
  }

  public NewEvent withCorrelationId(String other) {
    return new NewEvent(type, payload, id, other, ephemeral);
  }

  /// The same, only for who listens now.
  public NewEvent asEphemeral() {
    return new NewEvent(type, payload, id, correlationId, true);
  }
}
