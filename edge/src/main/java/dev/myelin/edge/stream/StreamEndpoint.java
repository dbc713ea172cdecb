package dev.myelin.edge.stream;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.model.Principal;
import dev.myelin.stream.ObservationService;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Opens observation streams on WebSockets. Any thread.
public final class StreamEndpoint {
  private final ObservationService service;
  private final KeyWatch keys;
  private final InstantSource clock;
  private final Map<Executor, TextCodec> codecs = new ConcurrentHashMap<>();

  public StreamEndpoint(ObservationService service, KeyWatch keys, InstantSource clock) {
    this.service = service;
    this.keys = keys;
    this.clock = clock;
  }

  /// Makes the listener of a socket that is opened on somebody's behalf.
  public Function<WebSocketChannel, SocketListener> opener(Principal principal) {
    return channel -> {
      TextCodec codec = codecs.computeIfAbsent(channel.loop(), _ -> new TextCodec());
      StreamSocket socket = new StreamSocket(channel, codec, principal, service, clock);
      socket.watch(keys, principal);
      return socket;
    };
  }
}
