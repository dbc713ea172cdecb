package dev.myelin.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that happened, as its observer tells it: the input of the memory engine.
///
/// @param id the name the observer gave it; null asks for a new one
/// @param when when it happened; null means when it is committed
/// @param what what happened, at most 64 KiB of UTF-8
/// @param embedding its meaning; null lets the server find one where it can
public record Episode(
    @Nullable MemoryId id,
    @Nullable Instant when,
    String what,
    @Nullable Embedding embedding,
    Confidence confidence,
    Circumstances circumstances) {

  public static final int MAX_WHAT_BYTES = 64 * 1024;

  public Episode {
    if (isTooLong(what)) {
      throw new ServiceException(
          ErrorCode.INVALID_EPISODE,
          "Invalid episode: what is longer than "
              + MAX_WHAT_BYTES
              + " bytes of UTF-8. Split it into several episodes.");
    }
    if (what.isEmpty() && embedding == null) {
      throw new ServiceException(
          ErrorCode.INVALID_EPISODE,
          "Invalid episode: it has neither what nor embedding. Send at least one of them.");
    }
  }

  private static boolean isTooLong(String text) {
    return text.length() > MAX_WHAT_BYTES
        || (text.length() > MAX_WHAT_BYTES / 3
            && text.getBytes(StandardCharsets.UTF_8).length > MAX_WHAT_BYTES);
  }

  /// A plain episode: text now, nothing else known.
  public static Episode of(String what) {
    return new Episode(null, null, what, null, Confidence.DEFAULT, Circumstances.NONE);
  }
}
