package dev.myelin.live.connection;

/// What came to pass on the connections of a tenant, those that are closed among them.
///
/// @param open now, those that are through their handshake
/// @param opened in all
/// @param received messages from clients in all
/// @param sent messages to clients in all
public record ConnectionTotals(int open, long opened, long received, long sent) {
  public static final ConnectionTotals NONE = new ConnectionTotals(0, 0, 0, 0);

  ConnectionTotals withOpen(ConnectionInfo.Traffic traffic) {
    return new ConnectionTotals(
        open + 1, opened + 1, received + traffic.received(), sent + traffic.sent());
  }

  ConnectionTotals withClosed(ConnectionInfo.Traffic traffic) {
    return new ConnectionTotals(
        open, opened + 1, received + traffic.received(), sent + traffic.sent());
  }
}
