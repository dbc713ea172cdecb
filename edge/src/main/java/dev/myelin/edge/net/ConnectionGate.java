package dev.myelin.edge.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands at the listening socket: bounds how many connections are open, and ends those that do not
/// finish the head of a first request in time, however slowly they dribble it.
///
/// Any thread; [#sweep()] is to be called at a steady pace.
@ChannelHandler.Sharable
public final class ConnectionGate extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);
  private static final int END_OF_HEAD = 0x0d0a0d0a;

  private final int maxConnections;
  private final long headTimeoutNanos;
  private final boolean watchesHeads;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final Set<HeadWatch> waiting = ConcurrentHashMap.newKeySet();

  /// @param watchesHeads false where TLS hides them; its handshake has a time limit of its own
  public ConnectionGate(int maxConnections, Duration headTimeout, boolean watchesHeads) {
    this.maxConnections = maxConnections;
    this.headTimeoutNanos = headTimeout.toNanos();
    this.watchesHeads = watchesHeads;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    if (open.incrementAndGet() > maxConnections) {
      open.decrementAndGet();
      refused.increment();
      accepted.unsafe().closeForcibly();
      return;
    }
    accepted.closeFuture().addListener(_ -> open.decrementAndGet());
    if (watchesHeads) {
      HeadWatch watch = new HeadWatch(accepted, System.nanoTime());
      waiting.add(watch);
      accepted.pipeline().addLast(watch);
    }
    context.fireChannelRead(message);
  }

  /// Ends connections whose time for a first request is over.
  public void sweep() {
    long now = System.nanoTime();
    waiting.removeIf(watch -> {
      boolean late = now - watch.since > headTimeoutNanos;
      if (late) {
        expired.increment();
        watch.channel.close().addListener(_ -> LOG.debug("a client was too slow to ask"));
      }
      return late;
    });
  }

  /// Connections that are open now.
  public int open() {
    return open.get();
  }

  /// Connections turned away because too many were open.
  public long refused() {
    return refused.sum();
  }

  /// Connections ended because no request came in time.
  public long expired() {
    return expired.sum();
  }

  /// Watches one connection's first bytes for the empty line that ends a head, in HTTP/1.1 as in
  /// the preface of HTTP/2, and then goes.
  private final class HeadWatch extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private final long since;
    private int lastFour;

    private HeadWatch(Channel channel, long since) {
      this.channel = channel;
      this.since = since;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf bytes) {
        int end = endOfHead(bytes);
        PlainUpgrade.decline(bytes, end < 0 ? bytes.writerIndex() : end);
        if (end >= 0) {
          waiting.remove(this);
          context.pipeline().remove(this);
        }
      }
      context.fireChannelRead(message);
    }

    /// The index behind the head, or -1 while it goes on.
    private int endOfHead(ByteBuf bytes) {
      int end = bytes.writerIndex();
      for (int at = bytes.readerIndex(); at < end; at++) {
        lastFour = (lastFour << 8) | (bytes.getByte(at) & 0xff);
        if (lastFour == END_OF_HEAD) {
          return at + 1;
        }
      }
      return -1;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      waiting.remove(this);
      context.fireChannelInactive();
    }
  }
}
