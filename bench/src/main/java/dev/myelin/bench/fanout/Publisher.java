package dev.myelin.bench.fanout;

import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The connection that publishes. What the server says there is read and dropped.
final class Publisher implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final SocketChannel channel;
  private final Surface surface;

  private Publisher(SocketChannel channel, Surface surface) {
    this.channel = channel;
    this.surface = surface;
  }

  static Publisher open(Target target, Surface surface) throws IOException {
    Publisher publisher = new Publisher(surface.publisher(target), surface);
    Thread.ofVirtual().name("publisher-reader").start(publisher::drain);
    return publisher;
  }

  private void drain() {
    ByteBuffer dropped = ByteBuffer.allocateDirect(BUFFER);
    try {
      while (channel.read(dropped.clear()) >= 0) {
        // nobody wants it
      }
    } catch (IOException e) {
      // it was closed; a listener would have told of anything else
    }
  }

  void publish(long number, int bytes) throws IOException {
    Surface.write(channel, surface.publish(number, bytes));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
