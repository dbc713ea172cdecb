package dev.myelin.live.session;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How much of who is there somebody wants to hear.
public enum PresenceDetail {
  NONE,
  COUNT,
  FULL;

  /// The detail of that word on the wire.
  public static Optional<PresenceDetail> parse(String word) {
    return Arrays.stream(values()).filter(detail -> detail.word().equals(word)).findAny();
  }

  /// As the wire has it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
