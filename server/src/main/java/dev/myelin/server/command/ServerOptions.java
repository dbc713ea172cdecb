package dev.myelin.server.command;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which server a command speaks with.
final class ServerOptions {
  private static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server. Default: MYELIN_URL, else " + DEFAULT_SERVER + ".")
  private @Nullable String server;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "The server's API key, if it wants one. Default: MYELIN_API_KEY.")
  private @Nullable String apiKey;

  ServerOptions() {}

  MyelinClient connect(ClientOptions options) {
    Map<String, String> environment = System.getenv();
    String url = server == null ? environment.getOrDefault("MYELIN_URL", DEFAULT_SERVER) : server;
    String key = apiKey == null ? environment.get("MYELIN_API_KEY") : apiKey;
    try {
      return MyelinClient.connect(
          URI.create(url.contains("://") ? url : "http://" + url),
          options.withApiKey(key == null || key.isEmpty() ? null : key));
    } catch (IllegalArgumentException _) {
      throw new ParameterException(
          spec.commandLine(),
          "--server: \"" + url + "\" is no address (expected: for example " + DEFAULT_SERVER + ")");
    }
  }
}
