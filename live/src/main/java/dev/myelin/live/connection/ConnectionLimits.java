package dev.myelin.live.connection;

/// How many connections there may be at the same time, handshakes under way among them.
///
/// @param perClient of one client id of a tenant, or of one address where there is no client id
/// @param perTenant of one tenant
/// @param perProcess of this process
public record ConnectionLimits(int perClient, int perTenant, int perProcess) {
  public static final ConnectionLimits DEFAULT = new ConnectionLimits(5, 1_000, 10_000);

  public ConnectionLimits {
    require("gateway.max-connections-per-client", perClient);
    require("gateway.max-connections-per-tenant", perTenant);
    require("gateway.max-connections", perProcess);
  }

  /// The limit of one kind.
  public int of(Bound bound) {
    return switch (bound) {
      case CLIENT -> perClient;
      case TENANT -> perTenant;
      case PROCESS -> perProcess;
    };
  }

  private static void require(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
  }
}
