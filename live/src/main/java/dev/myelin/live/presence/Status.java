package dev.myelin.live.presence;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import java.util.Locale;

/// What somebody is up to; of several devices, the later one here counts.
enum Status {
  OFFLINE,
  AWAY,
  ACTIVE,
  BUSY;

  /// The status of that word, as a client sets it.
  ///
  /// @throws ServiceException INVALID_REQUEST if it is none that can be set
  static Status parse(String word) {
    return switch (word) {
      case "active" -> ACTIVE;
      case "away" -> AWAY;
      case "busy" -> BUSY;
      default ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "Invalid status: " + Excerpt.of(word) + " (expected: active, away or busy).");
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
