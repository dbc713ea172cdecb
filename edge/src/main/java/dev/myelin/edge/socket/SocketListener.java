package dev.myelin.edge.socket;

/// Who speaks on a WebSocket. All methods are called on its event loop.
public interface SocketListener {

  /// A text message, checked to be UTF-8, in the first bytes of an array that is the socket's own.
  void text(byte[] bytes, int length);

  /// A binary message, in the first bytes of an array that is the socket's own.
  void binary(byte[] bytes, int length);

  /// The client broke the protocol, or sent more than it may: the last chance to tell it why.
  void violated(Violation violation, String text);

  /// It is time for a heartbeat.
  void heartbeat();

  /// The write buffer has room again.
  void writable();

  /// The client left a full write buffer unread for too long: it is cut off, unless this closes it.
  default void overdue() {}

  /// A message was longer than it may be and was passed over; only of sockets that do so.
  default void skipped(String text) {}

  /// The client has let a time pass: it is cut off, unless this closes it.
  default void late(Delay delay) {}

  /// The client closes, with that code; 1005 if it gave none.
  default void closedByClient(int code) {}

  /// The socket is gone; told once, whatever ended it.
  void gone();

  /// What a client may be late with.
  enum Delay {
    /// Its first message.
    INIT,
    /// A sign of life after a ping.
    PONG
  }

  /// How a client may break the protocol.
  enum Violation {
    FRAMING,
    TOO_LARGE,
    NOT_UTF8
  }
}
