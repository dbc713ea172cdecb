package dev.myelin.edge.grpc.call;

/// The server's side of one call; told everything on the call's event loop.
public interface CallListener {

  /// One message of the client. The bytes are only lent.
  ///
  /// @throws dev.myelin.model.ServiceException ends the call with its status
  void message(byte[] bytes, int offset, int length);

  /// The client sends no more messages; it still reads.
  void halfClosed();

  /// There is room to write again.
  default void writable() {}

  /// The call is over before the server ended it: the client cancelled it or is gone, its deadline
  /// has passed, or it broke the protocol. What is written from now on goes nowhere.
  default void cancelled() {}
}
