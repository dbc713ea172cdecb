package dev.myelin.bench.fanout;

import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/// Connections from addresses of the loopback network (127.0.0.0/8), so that neither the ports of
/// one address nor what a server allows one address bound how many there are.
public final class Loopback {
  private static final int IN_A_ROW = 250;

  private Loopback() {}

  /// Connects to a server on this machine.
  ///
  /// @param number of the client, from 0 to 60 000; each has an address of its own
  public static SocketChannel connect(Target target, int number) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.bind(new InetSocketAddress(address(number), 0));
      channel.connect(target.address());
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String address(int number) {
    return "127.1." + number / IN_A_ROW + "." + (1 + number % IN_A_ROW);
  }
}
