package dev.myelin.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/// A connected socket with a buffer for what came in.
///
/// Any thread may write, whole buffers one after the other; one thread reads.
public final class Wire implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;

  private final SocketChannel channel;
  private final ReentrantLock writing = new ReentrantLock();
  private final ByteBuffer in;

  private Wire(SocketChannel channel, ByteBuffer in) {
    this.channel = channel;
    this.in = in.flip();
  }

  public static Wire connect(InetSocketAddress address) throws IOException {
    return connect(address, BUFFER);
  }

  /// The same with another buffer.
  ///
  /// @param maxBytes of a message that comes in
  static Wire connect(InetSocketAddress address, int maxBytes) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new Wire(channel, ByteBuffer.allocateDirect(maxBytes));
  }

  /// The same over a connection that is there.
  public static Wire over(SocketChannel channel, int maxBytes) {
    return new Wire(channel, ByteBuffer.allocateDirect(maxBytes));
  }

  /// Writes all of it; blocks while the other side does not read.
  public void write(ByteBuffer bytes) throws IOException {
    writing.lock();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } finally {
      writing.unlock();
    }
  }

  /// What has come in and was not taken yet.
  public ByteBuffer in() {
    return in;
  }

  /// Waits for more to come in.
  ///
  /// @throws EOFException if nothing more will
  public void read() throws IOException {
    in.compact();
    int count = channel.read(in);
    in.flip();
    if (count < 0) {
      throw new EOFException("the server closed the connection");
    }
    if (count == 0) {
      throw new LoadFailure("a message of more than " + in.capacity() + " bytes came");
    }
  }

  /// Where it goes.
  public String peer() throws IOException {
    return String.valueOf(channel.getRemoteAddress()).replaceFirst("^.*/", "");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
