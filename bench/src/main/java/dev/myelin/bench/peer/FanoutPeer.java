package dev.myelin.bench.peer;

import dev.myelin.bench.fanout.Surface;
import dev.myelin.bench.load.LoadFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A server in Node.js that tells every listener what it is told, if its library is installed. It
/// keeps nothing: what it is compared with also stores each event first.
public enum FanoutPeer {
  /// The library `ws`.
  WS("ws"),
  /// Socket.IO, over WebSocket alone.
  SOCKETIO("socket.io");

  private static final String PROGRAM = "fanout.cjs";
  private static final Pattern READY = Pattern.compile("^ready: (\\d+)$");

  private final String module;

  FanoutPeer(String module) {
    this.module = module;
  }

  /// As it is asked for and shown.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// How it is spoken to.
  public Surface surface() {
    return this == WS ? Surface.ws() : Surface.socketIo();
  }

  /// Whether it can be started here.
  public boolean isInstalled() {
    return Installed.program("node").isPresent()
        && Files.isDirectory(Installed.modules().resolve(module));
  }

  /// Starts it and waits until it is ready.
  ///
  /// @param folder empty or missing; its program goes there
  /// @throws LoadFailure if it does not get ready
  public PeerProcess start(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path program = folder.resolve(PROGRAM);
    try (InputStream source = FanoutPeer.class.getResourceAsStream(PROGRAM)) {
      if (source == null) {
        throw new FileNotFoundException(PROGRAM);
      }
      Files.copy(source, program);
    }
    String node =
        Installed.program("node")
            .orElseThrow(() -> new LoadFailure(label() + " is not installed: no node"))
            .toString();
    List<String> command =
        List.of(node, program.toString(), Installed.folder().toString(), label());
    return PeerProcess.start(command, folder, READY, 0);
  }
}
