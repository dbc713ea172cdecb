package dev.myelin.edge.library.socket;

/// One request of a socket. Its identity is the cause of the events that it makes.
final class SocketCall {
  private final LibrarySocket socket;

  /// Confined to the socket's event loop.
  private boolean answered;

  SocketCall(LibrarySocket socket) {
    this.socket = socket;
  }

  boolean isOpenOn(LibrarySocket other) {
    return socket == other && !answered;
  }

  void answered() {
    answered = true;
  }
}
