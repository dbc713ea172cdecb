package dev.myelin.edge.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import org.jspecify.annotations.Nullable;

/// Java's own sockets, with a [ConnectionGate] at every listening one.
public final class GatedTransport implements io.vertx.core.transport.Transport {
  private final Transport sockets;

  /// @param watermark of every connection's write buffer
  public GatedTransport(ConnectionGate gate, WriteBufferWaterMark watermark) {
    this.sockets = new Sockets(gate, watermark);
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public Transport implementation() {
    return sockets;
  }

  private static final class Sockets extends NioTransport {
    private final ConnectionGate gate;
    private final WriteBufferWaterMark watermark;

    private Sockets(ConnectionGate gate, WriteBufferWaterMark watermark) {
      this.gate = gate;
      this.watermark = watermark;
    }

    @Override
    public void configure(
        NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
      super.configure(options, domainSocket, bootstrap);
      bootstrap.handler(gate);
      bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, watermark);
    }
  }
}
