package dev.myelin.edge.stream;

import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.stream.ObservationService;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Opens observation streams on WebSockets. Any thread.
public final class StreamEndpoint implements Function<WebSocketChannel, SocketListener> {
  private final ObservationService service;
  private final InstantSource clock;
  private final Map<Executor, TextCodec> codecs = new ConcurrentHashMap<>();

  public StreamEndpoint(ObservationService service, InstantSource clock) {
    this.service = service;
    this.clock = clock;
  }

  @Override
  public SocketListener apply(WebSocketChannel channel) {
    TextCodec codec = codecs.computeIfAbsent(channel.loop(), _ -> new TextCodec());
    return new StreamSocket(channel, codec, service, clock);
  }
}
