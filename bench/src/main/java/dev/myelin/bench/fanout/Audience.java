package dev.myelin.bench.fanout;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Many WebSockets that listen, on one thread.
public final class Audience implements AutoCloseable {
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int BUFFER = 256 * 1024;
  private static final long POLL_MILLIS = 100;

  private final Surface surface;
  private final Tally tally;
  private final Selector selector;
  private final List<SocketChannel> channels = new ArrayList<>();
  private final Thread reader;
  private volatile boolean over;
  private volatile @Nullable Throwable failure;

  private Audience(Surface surface, Tally tally, Selector selector) {
    this.surface = surface;
    this.tally = tally;
    this.selector = selector;
    reader = Thread.ofPlatform().name("audience").daemon().unstarted(this::listen);
  }

  /// Connects so many, one after the other, and reads: pings are answered while others connect.
  public static Audience open(Target target, Surface surface, int count, Tally tally)
      throws IOException {
    Audience audience = new Audience(surface, tally, Selector.open());
    audience.reader.start();
    try {
      for (int i = 0; i < count; i++) {
        audience.add(i, surface.listen(target, i));
      }
    } catch (IOException | RuntimeException e) {
      audience.close();
      throw e;
    }
    return audience;
  }

  private void add(int number, Surface.Joined joined) throws IOException {
    channels.add(joined.channel());
    Listener listener = new Listener(number);
    joined.channel().configureBlocking(false);
    listener.channel = joined.channel();
    listener.frames.take(joined.rest(), listener);
    joined
        .channel()
        .register(selector, SelectionKey.OP_READ, listener); // the reader's from here on
  }

  private void listen() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      while (!over) {
        selector.select(key -> read(key, buffer), POLL_MILLIS);
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void read(SelectionKey key, ByteBuffer buffer) {
    Listener listener = (Listener) key.attachment();
    buffer.clear();
    try {
      if (((SocketChannel) key.channel()).read(buffer) < 0) {
        throw new LoadFailure("the server closed listener " + listener.number);
      }
    } catch (IOException e) {
      throw new LoadFailure("listener " + listener.number + " lost its connection", e);
    }
    listener.now = System.nanoTime();
    listener.frames.take(buffer.flip(), listener);
  }

  /// What went wrong.
  ///
  /// @throws LoadFailure if anything did
  public void requireWell() {
    Throwable found = failure;
    if (found != null) {
      throw found instanceof LoadFailure known
          ? known
          : new LoadFailure("the audience failed: " + found, found);
    }
  }

  @Override
  public void close() throws IOException {
    over = true;
    selector.wakeup();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SocketChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }

  /// One of them.
  private final class Listener implements Frames.Listener {
    private final int number;
    private final Frames frames = new Frames();
    private @Nullable SocketChannel channel;
    private long now = System.nanoTime();

    Listener(int number) {
      this.number = number;
    }

    @Override
    public void frame(int opcode, ByteBuffer payload) {
      switch (opcode) {
        case TEXT, BINARY -> {
          ByteBuffer answer = surface.answer(payload);
          if (answer != null) {
            write(answer);
          }
          surface.events(payload, event -> tally.arrived(number, event, now));
        }
        case PING -> write(Masked.pong(payload));
        case CLOSE ->
            throw new LoadFailure(
                "the server closed listener "
                    + number
                    + ": "
                    + StandardCharsets.UTF_8.decode(
                        payload.position(Math.min(2, payload.limit()))));
        default -> {}
      }
    }

    private void write(ByteBuffer bytes) {
      try {
        if (channel != null) {
          channel.write(bytes); // a few bytes on a connection that sends nothing else
        }
      } catch (IOException e) {
        throw new LoadFailure("listener " + number + " lost its connection", e);
      }
    }
  }
}
