package dev.myelin.server.shell;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.channel.ChannelClient;
import dev.myelin.client.library.LibraryClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which server a command speaks with.
public final class ServerOptions {
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

  public ServerOptions() {}

  public MyelinClient connect(ClientOptions options) {
    try {
      return MyelinClient.connect(URI.create(url()), options.withApiKey(key()));
    } catch (IllegalArgumentException _) {
      throw noAddress();
    }
  }

  /// A client of libraries.
  public LibraryClient libraries(ClientOptions options) {
    try {
      return LibraryClient.connect(URI.create(url()), options.withApiKey(key()));
    } catch (IllegalArgumentException _) {
      throw noAddress();
    }
  }

  /// A client of channels.
  public ChannelClient channels(ClientOptions options) {
    try {
      return ChannelClient.connect(URI.create(url()), options.withApiKey(key()));
    } catch (IllegalArgumentException _) {
      throw noAddress();
    }
  }

  /// The address of something that the server answers over plain HTTP.
  public URI address(String path) {
    try {
      URI address = URI.create(url()).resolve(path);
      if (address.getHost() != null && address.getScheme().matches("https?")) {
        return address;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw noAddress();
  }

  private String url() {
    String url =
        server == null ? System.getenv().getOrDefault("MYELIN_URL", DEFAULT_SERVER) : server;
    return url.contains("://") ? url : "http://" + url;
  }

  /// The key to show, null for none.
  public @Nullable String key() {
    String key = apiKey == null ? System.getenv("MYELIN_API_KEY") : apiKey;
    return key == null || key.isEmpty() ? null : key;
  }

  private ParameterException noAddress() {
    return new ParameterException(
        spec.commandLine(),
        "--server: \"" + url() + "\" is no address (expected: for example " + DEFAULT_SERVER + ")");
  }
}
