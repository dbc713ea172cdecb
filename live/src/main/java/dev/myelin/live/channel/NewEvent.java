package dev.myelin.live.channel;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is to be told on a channel. Takes over the payload.
///
/// @param type words of `a-z` and `_` with dots between them, at most 64 characters
/// @param payload a JSON object, UTF-8
/// @param correlationId constant for all that one command led to; null if there is none
/// @param sender the user it comes from; null for the server
/// @param command makes publishing idempotent; null if every publishing is a new event
@SuppressWarnings("ArrayRecordComponent") // a payload is handed on, never compared
public record NewEvent(
    String type,
    byte[] payload,
    @Nullable String correlationId,
    @Nullable String sender,
    @Nullable CommandKey command) {
  private static final Pattern TYPE = Pattern.compile("[a-z_]+(\\.[a-z_]+)+");
  private static final int MAX_TYPE = 64;

  /// @throws ServiceException INVALID_REQUEST if the type is none
  public NewEvent {
    if (type.length() > MAX_TYPE || !TYPE.matcher(type).matches()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid event type: "
              + Excerpt.of(type)
              + " (expected: words of a-z and _ with dots between them, at most "
              + MAX_TYPE
              + " characters, such as chat.message).");
    }
  }

  /// An event that no command of a client led to.
  public static NewEvent of(String type, byte[] payload) {
    return new NewEvent(type, payload, null, null, null);
  }
}
