package dev.myelin.server.shell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Points in time as people read them, in the zone of this machine.
public final class Times {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private Times() {}

  public static String minute(@Nullable Instant time) {
    return time == null ? "-" : MINUTE.format(time);
  }

  public static String second(Instant time) {
    return SECOND.format(time);
  }
}
