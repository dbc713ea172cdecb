package dev.myelin.server.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Sizes as people write them: 4096, 64 KiB, 4 MiB, 1 GiB; KB, MB and GB mean the same.
final class ByteSizes {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}) *([kmg]?)(i?b)?");

  private ByteSizes() {}

  static @Nullable Long parse(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return null;
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return Long.parseLong(matcher.group(1)) << shift;
  }

  static String format(long bytes) {
    String[] units = {" B", " KiB", " MiB", " GiB"};
    int unit = 0;
    long rest = bytes;
    while (unit < 3 && rest > 0 && rest % 1_024 == 0) {
      rest /= 1_024;
      unit++;
    }
    return unit == 0 ? Long.toString(rest) : rest + units[unit];
  }
}
