package dev.myelin.live.connection;

/// A connection as the registry knows it. Called by any thread.
public interface LiveConnection {
  /// Public, of this connection only.
  String id();

  /// How it stands now. Never blocks; figures may be a little old.
  ConnectionInfo info();

  /// Ends it in an orderly way: tells the client why, and closes. Returns at once.
  ///
  /// @param reason for the client
  void end(String reason);
}
