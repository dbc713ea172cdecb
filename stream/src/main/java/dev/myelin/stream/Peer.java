package dev.myelin.stream;

/// The transport's side of one connection: its event loop and its way out.
///
/// All methods but [#execute(Runnable)] are called on the connection's event loop only.
public interface Peer {

  /// Runs a task on the connection's event loop; any thread. Dropped if the connection is gone.
  void execute(Runnable task);

  /// Writes a message without flushing.
  void write(ServerMessage message);

  /// Sends what was written.
  void flush();

  /// Whether the transport's own write buffer is past its bound: then it calls
  /// [ObservationConnection#writable()] when there is room again.
  boolean isFull();

  /// Stops or goes on reading from the client. What was read before may still be handed over, so it
  /// must be bounded: by one buffer of the transport.
  void read(boolean wanted);

  /// Ends the connection in order, after what was written.
  void end(Ending ending);

  /// Why a connection ends.
  enum Ending {
    /// The client closed the session, or has nothing more to say.
    CLOSED,
    /// Another connection resumed the session.
    TAKEN_OVER,
    /// The server shuts down.
    GOING_AWAY
  }
}
