package dev.myelin.bench.library;

import dev.myelin.bench.fanout.Surface;
import dev.myelin.bench.host.ServerProcess;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// What an idle subscriber takes: live objects of the server's heap after collections, before and
/// after so many connected.
record Listeners(ServerProcess server, Target target, Surface surface) {
  private static final int WARM_UP = 50;

  /// Bytes of heap for each of so many.
  double bytesEach(int count) throws IOException {
    List<SocketChannel> channels = new ArrayList<>();
    try {
      connect(channels, WARM_UP);
      server.liveBytes(); // loads what the looking itself needs
      long before = server.liveBytes();
      connect(channels, count);
      return (server.liveBytes() - before) / (double) count;
    } finally {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }
  }

  private void connect(List<SocketChannel> channels, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      channels.add(surface.connect(target));
    }
  }
}
