package dev.myelin.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A Redis that syncs its append-only file before it replies, and takes no snapshots.
final class Redis {
  private static final Pattern READY = Pattern.compile("Ready to accept connections");

  private Redis() {}

  static PeerProcess start(String program, Path folder) throws IOException {
    int port = freePort();
    List<String> command =
        List.of(
            program,
            "--bind",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--dir",
            folder.toString(),
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "always");
    return PeerProcess.start(command, folder, READY, port);
  }

  /// Redis cannot choose one itself.
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
