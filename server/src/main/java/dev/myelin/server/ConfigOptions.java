package dev.myelin.server;

import dev.myelin.server.config.LoadedConfig;
import dev.myelin.server.config.LoadedConfig.Option;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// The options that say how a server is configured.
final class ConfigOptions {
  @CommandLine.Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Port to listen on; 0 lets the system choose. Default: 8080.")
  private @Nullable String port;

  @CommandLine.Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on. Default: 127.0.0.1, which only this machine can reach.")
  private @Nullable String host;

  @CommandLine.Option(
      names = {"-d", "--data"},
      paramLabel = "DIR",
      description = "Folder for everything that is remembered. Default: ./myelin-data.")
  private @Nullable String data;

  @CommandLine.Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration file. Default: ./myelin.yaml, if it is there.")
  private @Nullable Path file;

  @CommandLine.Option(
      names = "--insecure",
      description =
          "Listen on an address that others can reach although no API key is set: everybody who"
              + " reaches it may read and write everything.")
  private boolean insecure;

  ConfigOptions() {}

  /// @throws dev.myelin.server.config.ConfigException if something is wrong
  LoadedConfig load(Map<String, String> environment) {
    Map<String, Option> options = new LinkedHashMap<>();
    put(options, "server.port", "--port", port);
    put(options, "server.host", "--host", host);
    put(options, "server.data", "--data", data);
    put(options, "server.insecure", "--insecure", insecure ? "true" : null);
    return LoadedConfig.load(file, environment, options);
  }

  private static void put(
      Map<String, Option> options, String key, String name, @Nullable String value) {
    if (value != null) {
      options.put(key, new Option(name, value));
    }
  }
}
