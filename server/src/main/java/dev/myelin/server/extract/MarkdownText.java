package dev.myelin.server.extract;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Markdown: kept as it is, but for the settings at its top, which are not to be found.
final class MarkdownText {
  private static final Pattern SETTINGS =
      Pattern.compile(
          "\\A---[ \\t]*\\R(.*?\\R)??(?:---|\\.\\.\\.)[ \\t]*(?:\\R|\\z)", Pattern.DOTALL);
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+:(\\s|\\z)");
  private static final Pattern TITLE =
      Pattern.compile("^title:[ \\t]*[\"']?(.*?)[\"']?[ \\t]*$", Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("#[ \\t]+(.+?)[ \\t]*#*");
  private static final Pattern FENCE = Pattern.compile("[ \\t]{0,3}(```|~~~).*");

  private MarkdownText() {}

  static Extracted of(String markdown) throws UnreadableException {
    Matcher settings = SETTINGS.matcher(markdown);
    if (!settings.find() || !isSettings(settings.group(1))) {
      return Extracted.of(heading(markdown), markdown);
    }
    String body = markdown.substring(settings.end());
    String named = settings.group(1) == null ? null : title(settings.group(1));
    return Extracted.of(named == null ? heading(body) : named, body);
  }

  /// Whether it begins as YAML does, and so is no text between two rules.
  private static boolean isSettings(@Nullable String text) {
    return text == null || KEY.matcher(text.stripLeading()).lookingAt();
  }

  private static @Nullable String title(String settings) {
    Matcher title = TITLE.matcher(settings);
    return title.find() && !title.group(1).isBlank() ? title.group(1) : null;
  }

  /// The first heading of the first order, which is not in a piece of code.
  private static @Nullable String heading(String body) {
    boolean[] code = {false};
    Optional<String> found =
        body.lines()
            .filter(line -> {
              if (FENCE.matcher(line).matches()) {
                code[0] = !code[0];
              }
              return !code[0] && HEADING.matcher(line).matches();
            })
            .findFirst();
    Matcher heading = HEADING.matcher(found.orElse(""));
    return heading.matches() ? heading.group(1) : null;
  }
}
