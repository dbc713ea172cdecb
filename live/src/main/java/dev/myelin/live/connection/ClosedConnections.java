package dev.myelin.live.connection;

import java.util.LinkedHashMap;
import java.util.Map;

/// What went through connections that are closed, by tenant. Where there are too many tenants,
/// those whose last connection was closed the longest ago are forgotten. Guarded by the registry's
/// lock.
final class ClosedConnections {
  static final int MAX_TENANTS = 10_000;

  private final Map<String, ConnectionTotals> tenants = new LinkedHashMap<>();

  void add(String tenant, ConnectionInfo.Traffic traffic) {
    ConnectionTotals before = tenants.remove(tenant);
    tenants.put(tenant, (before == null ? ConnectionTotals.NONE : before).withClosed(traffic));
    if (tenants.size() > MAX_TENANTS) {
      tenants.remove(tenants.keySet().iterator().next());
    }
  }

  ConnectionTotals of(String tenant) {
    return tenants.getOrDefault(tenant, ConnectionTotals.NONE);
  }

  Map<String, ConnectionTotals> all() {
    return Map.copyOf(tenants);
  }
}
