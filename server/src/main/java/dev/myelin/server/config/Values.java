package dev.myelin.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The texts that were configured, by key, read with a default each. Whoever reads a key makes it
/// known; at the end, a text whose key nobody read is an error.
///
/// Precedence, later wins: defaults, the file, the environment, the command line.
final class Values {
  private static final String ENVIRONMENT = "MYELIN_";

  /// A text and where it stands.
  record Source(String text, String origin) {}

  private final Map<String, Source> file;
  private final Map<String, String> environment;
  private final Map<String, Source> commandLine;
  private final Map<String, Setting> read = new LinkedHashMap<>();

  /// @param file by dotted key
  /// @param environment all variables
  /// @param commandLine by dotted key
  Values(
      Map<String, Source> file, Map<String, String> environment, Map<String, Source> commandLine) {
    this.file = Map.copyOf(file);
    this.environment = Map.copyOf(environment);
    this.commandLine = Map.copyOf(commandLine);
  }

  // ---- reading, each with the value to use if nothing is configured

  int integer(String key, int otherwise) {
    return Math.toIntExact(number(key, otherwise, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private long number(String key, long otherwise, long min, long max) {
    return read(
        key,
        Long.toString(otherwise),
        "a whole number",
        text -> {
          long value = Long.parseLong(text.replace("_", ""));
          return value < min || value > max ? null : value;
        });
  }

  float fraction(String key, float otherwise) {
    return read(key, Float.toString(otherwise), "a number", Float::parseFloat);
  }

  boolean flag(String key, boolean otherwise) {
    return read(
        key,
        Boolean.toString(otherwise),
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "yes", "on" -> true;
              case "false", "no", "off" -> false;
              default -> null;
            });
  }

  String text(String key, String otherwise) {
    return read(key, otherwise, "a text", text -> text);
  }

  List<String> texts(String key, List<String> otherwise) {
    return read(
        key,
        String.join(", ", otherwise),
        "texts, separated by commas",
        text ->
            Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList());
  }

  Duration duration(String key, Duration otherwise) {
    return read(key, Durations.format(otherwise), "a time such as 30s or 100ms", Durations::parse);
  }

  long bytes(String key, long otherwise) {
    return read(key, ByteSizes.format(otherwise), "a size such as 64 MiB", ByteSizes::parse);
  }

  int smallBytes(String key, int otherwise) {
    return read(
        key,
        ByteSizes.format(otherwise),
        "a size below 2 GiB, such as 4 MiB",
        text -> {
          Long value = ByteSizes.parse(text);
          return value == null || value > Integer.MAX_VALUE ? null : value.intValue();
        });
  }

  @Nullable Path path(String key, @Nullable Path otherwise) {
    String text = text(key, otherwise == null ? "" : otherwise.toString());
    return text.isEmpty() ? null : Path.of(text);
  }

  <E extends Enum<E>> E choice(String key, E otherwise) {
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    List<String> names = Arrays.stream(all).map(Values::name).toList();
    return read(
        key,
        name(otherwise),
        String.join(", ", names),
        text -> {
          int index = names.indexOf(text.toLowerCase(Locale.ROOT));
          return index < 0 ? null : all[index];
        });
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// A text that is never shown.
  ///
  /// @param variable a shorter environment variable that means the same, null for none
  String secret(String key, @Nullable String variable) {
    Source source = source(key);
    if (source == null && variable != null && environment.containsKey(variable)) {
      source = new Source(String.valueOf(environment.get(variable)), "environment " + variable);
    }
    boolean given = source != null && !source.text().isEmpty();
    read.put(
        key,
        new Setting(key, given ? "(hidden)" : "", source == null ? "default" : source.origin()));
    return source == null ? "" : source.text();
  }

  private interface Parser<T> {
    /// Null, or a failure to parse, for a text that is not one.
    @Nullable T parse(String text);
  }

  private <T> T read(String key, String otherwise, String expected, Parser<T> parser) {
    Source source = source(key);
    String text = source == null ? otherwise : source.text();
    String origin = source == null ? "default" : source.origin();
    read.put(key, new Setting(key, text, origin));
    T value = null;
    try {
      value = parser.parse(text.strip());
    } catch (NumberFormatException | DateTimeParseException _) {
      // Said below.
    }
    if (value == null) {
      throw new ConfigException(
          key + ": \"" + text + "\" (expected: " + expected + "), from " + origin);
    }
    return value;
  }

  private @Nullable Source source(String key) {
    Source given = commandLine.get(key);
    if (given != null) {
      return given;
    }
    String variable = variable(key);
    String value = environment.get(variable);
    return value != null ? new Source(value, "environment " + variable) : file.get(key);
  }

  /// The environment variable of a key: `server.max-connections` is
  /// `MYELIN_SERVER_MAX_CONNECTIONS`.
  static String variable(String key) {
    return ENVIRONMENT + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  // ---- after reading

  /// All that was read, in that order.
  List<Setting> settings() {
    return List.copyOf(read.values());
  }

  /// Where a key's value comes from.
  String origin(String key) {
    Setting setting = read.get(key);
    return setting == null ? "default" : setting.origin();
  }

  /// @throws ConfigException if something is configured that nobody read
  void requireAllKnown() {
    for (Map.Entry<String, Source> entry : file.entrySet()) {
      requireKnown(entry.getKey(), entry.getValue().origin(), new ArrayList<>(read.keySet()));
    }
    List<String> variables = read.keySet().stream().map(Values::variable).toList();
    for (String name : environment.keySet()) {
      if (isOurs(name) && !variables.contains(name)) {
        requireKnown(name, "the environment", variables);
      }
    }
  }

  /// Variables of other names, such as MYELIN_JAVA_OPTS, are for others to read.
  private boolean isOurs(String variable) {
    return read.keySet().stream()
        .map(key -> ENVIRONMENT + key.substring(0, key.indexOf('.')).toUpperCase(Locale.ROOT) + "_")
        .anyMatch(variable::startsWith);
  }

  private static void requireKnown(String key, String origin, List<String> known) {
    if (!known.contains(key)) {
      throw new ConfigException(
          key
              + ": there is no such key, from "
              + origin
              + ". Did you mean "
              + Nearest.to(key, known)
              + "? `myelin config` lists all of them.");
    }
  }
}
