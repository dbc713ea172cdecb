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

/// A server that tells every listener what it is told, if it is installed: made in Node.js of a
/// library, or a program of its own. It keeps nothing: what it is compared with also stores each
/// event first.
public enum FanoutPeer {
  /// The library `ws`.
  WS("ws"),
  /// Socket.IO, over WebSocket alone.
  SOCKETIO("socket.io"),
  /// The NATS server, over WebSocket.
  NATS("nats-server");

  private static final String PROGRAM = "fanout.cjs";
  private static final Pattern READY = Pattern.compile("^ready: (\\d+)$");

  private static final Pattern NATS_READY =
      Pattern.compile("Listening for websocket clients on ws://[^:]*:(\\d+)");
  private static final String NATS_CONFIG =
      """
      host: 127.0.0.1
      port: -1
      websocket {
        host: 127.0.0.1
        port: -1
        no_tls: true
      }
      """;

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
    return switch (this) {
      case WS -> Surface.ws();
      case SOCKETIO -> Surface.socketIo();
      case NATS -> Surface.nats();
    };
  }

  /// Whether it can be started here.
  public boolean isInstalled() {
    if (this == NATS) {
      return Installed.program(module).isPresent();
    }
    return Installed.program("node").isPresent()
        && Files.isDirectory(Installed.modules().resolve(module));
  }

  /// Starts it and waits until it is ready.
  ///
  /// @param folder empty or missing; its program goes there
  /// @throws LoadFailure if it does not get ready
  public PeerProcess start(Path folder) throws IOException {
    Files.createDirectories(folder);
    return this == NATS ? nats(folder) : node(folder);
  }

  private static PeerProcess nats(Path folder) throws IOException {
    Path config = folder.resolve("nats.conf");
    Files.writeString(config, NATS_CONFIG);
    // It says everything where errors go.
    List<String> command =
        List.of("/bin/sh", "-c", "exec nats-server -c \"$0\" 2>&1", config.toString());
    return PeerProcess.start(command, folder, NATS_READY, 0);
  }

  private PeerProcess node(Path folder) throws IOException {
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
