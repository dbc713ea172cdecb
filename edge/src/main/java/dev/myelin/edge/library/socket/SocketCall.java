package dev.myelin.edge.library.socket;

/// One request of a socket. Its identity is the cause of the events that it makes.
final class SocketCall {
  private final LibrarySocket socket;
  private final long number;

  /// Confined to the socket's event loop.
  private boolean answered;

  SocketCall(LibrarySocket socket, long number) {
    this.socket = socket;
    this.number = number;
  }

  /// Its place among the socket's requests, from 1.
  long number() {
    return number;
  }

  boolean isOpenOn(LibrarySocket other) {
    return socket == other && !answered;
  }

  void answered() {
    answered = true;
  }
}
