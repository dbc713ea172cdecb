package dev.myelin.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Hands bytes on between clients and a server, and breaks connections in the middle of them, as a
/// cable that is pulled: what is under way is lost. Any thread.
public final class CuttingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerSocket listener;
  private volatile InetSocketAddress server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);
  private final AtomicInteger cuts = new AtomicInteger();

  private CuttingProxy(ServerSocket listener, InetSocketAddress server) {
    this.listener = listener;
    this.server = server;
  }

  /// A proxy on a free port of this machine, before a server on another.
  public static CuttingProxy to(int serverPort) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    CuttingProxy proxy =
        new CuttingProxy(new ServerSocket(0, 50, here), new InetSocketAddress(here, serverPort));
    Thread.ofVirtual().name("proxy").start(proxy::accept);
    return proxy;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Sends new connections to another port, as when a server came back elsewhere.
  public void forwardTo(int serverPort) {
    server = new InetSocketAddress(listener.getInetAddress(), serverPort);
  }

  /// Breaks all connections once clients have sent so many bytes more.
  public void cutAfter(long bytes) {
    bytesLeft.set(bytes);
  }

  /// Breaks all connections.
  public void cut() {
    cuts.incrementAndGet();
    sockets.forEach(CuttingProxy::close);
  }

  /// How often connections were broken.
  public int cuts() {
    return cuts.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(CuttingProxy::close);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        join(listener.accept());
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void join(Socket client) {
    Socket upstream = new Socket();
    sockets.add(client);
    sockets.add(upstream);
    Thread.ofVirtual()
        .name("proxy-up")
        .start(() -> {
          try {
            upstream.connect(server);
            Thread.ofVirtual().name("proxy-down").start(() -> pump(upstream, client, false));
          } catch (IOException e) {
            end(client, upstream);
            return;
          }
          pump(client, upstream, true);
        });
  }

  private void pump(Socket from, Socket to, boolean counted) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        long left = counted ? bytesLeft.getAndAdd(-read) : Long.MAX_VALUE;
        out.write(buffer, 0, Math.clamp(left, 0, read));
        if (left < read) {
          bytesLeft.set(Long.MAX_VALUE);
          cut();
          return;
        }
      }
    } catch (IOException e) {
      // One side is gone; then so is the other.
    } finally {
      end(from, to);
    }
  }

  private void end(Socket one, Socket other) {
    for (Socket socket : new Socket[] {one, other}) {
      sockets.remove(socket);
      close(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
