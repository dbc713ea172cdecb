package dev.myelin.server.config;

import dev.myelin.server.config.Values.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configuration that was read and checked, with all its settings.
public record LoadedConfig(ServerConfig config, List<Setting> settings) {
  private static final Path FILE = Path.of("myelin.yaml");

  public LoadedConfig {
    settings = List.copyOf(settings);
  }

  /// Reads all sources.
  ///
  /// @param file null for `myelin.yaml` in the working folder, which may be absent
  /// @param options what the command line says, by key; the value's origin is the option's name
  /// @throws ConfigException that names the first thing that is wrong
  public static LoadedConfig load(
      @Nullable Path file, Map<String, String> environment, Map<String, Option> options) {
    Map<String, Source> fromFile =
        file != null
            ? ConfigFile.read(file)
            : Files.exists(FILE) ? ConfigFile.read(FILE) : Map.of();
    Map<String, Source> fromOptions = new LinkedHashMap<>();
    options.forEach((key, option) ->
        fromOptions.put(key, new Source(option.value(), "command line " + option.name())));
    Values values = new Values(fromFile, environment, fromOptions);
    ServerConfig config;
    try {
      config = ServerConfig.read(values);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
    values.requireAllKnown();
    return new LoadedConfig(config, values.settings());
  }

  /// A value given on the command line.
  ///
  /// @param name of the option, with its dashes
  public record Option(String name, String value) {}
}
