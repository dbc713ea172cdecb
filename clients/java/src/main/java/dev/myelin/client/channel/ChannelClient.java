package dev.myelin.client.channel;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import java.net.URI;

/// A client of the channels of one Myelin server, for back ends: it says, reads and follows what
/// browsers hear over their sockets. Any thread; one per server is enough.
///
/// **Blocking.** Each call waits for its answer: call on virtual threads what should run side by
/// side. An interrupt ends a call.
///
/// **Errors.** What the server refuses is a [dev.myelin.client.model.ProblemException] with its
/// status, kind, text and request id; without an answer it is a
/// [dev.myelin.client.model.MyelinException].
///
/// Of [ClientOptions] it takes the key (an API key or a JWT), the certificates, the time outs, the
/// watchdog (of followed channels) and the waits of the retry policy.
public final class ChannelClient implements AutoCloseable {
  private final Http http;

  private ChannelClient(Http http) {
    this.http = http;
  }

  /// A client of the server at an address such as `http://127.0.0.1:8080`, or `https://...`.
  ///
  /// @throws IllegalArgumentException if it is no such address
  public static ChannelClient connect(String server) {
    return connect(URI.create(server), ClientOptions.DEFAULT);
  }

  /// A client of the server at an address such as `http://127.0.0.1:8080`, or `https://...`.
  ///
  /// @throws IllegalArgumentException if it is no such address, or the certificates cannot be read
  public static ChannelClient connect(URI server, ClientOptions options) {
    return new ChannelClient(new Http(server, options));
  }

  /// The channel of a name such as `team:core`, `user:ann`, `system` or `notifications`.
  ///
  /// @throws IllegalArgumentException if a part of it is empty
  public Channel channel(String name) {
    int colon = name.indexOf(':');
    return new Channel(
        http,
        colon < 0
            ? Call.path("v1", "channels", name, "events")
            : Call.path(
                "v1", "channels", name.substring(0, colon), name.substring(colon + 1), "events"));
  }

  /// The channel that all devices of a user hear.
  public Channel user(String subject) {
    return channel("user:" + subject);
  }

  /// Ends all connections at once, and with them what is under way.
  @Override
  public void close() {
    http.close();
  }
}
