package dev.myelin.live.connection;

import org.jspecify.annotations.Nullable;

/// What one connection counts for, from its handshake until it is closed. Any thread.
public final class Place implements AutoCloseable {
  private final ConnectionRegistry registry;

  // The registry's lock guards what follows.
  Holder holder;
  @Nullable String id;
  boolean given = true;

  /// Who is counted.
  record Holder(String tenant, String client) {}

  Place(ConnectionRegistry registry, Holder holder) {
    this.registry = registry;
    this.holder = holder;
  }

  /// Counts this connection for somebody else from now on, because only now it is known who it is:
  /// in one step, so that it is never counted twice and never not at all.
  ///
  /// @param client the client id, or the address where there is none
  /// @return this place; or a refusal, and then it counts as before
  public Admission moveTo(String tenant, String client) {
    return registry.move(this, new Holder(tenant, client));
  }

  /// Lets the connection be listed, found and ended until this place is closed.
  public void register(LiveConnection live) {
    registry.register(this, live);
  }

  /// Gives the place back; once, however often it is called.
  @Override
  public void close() {
    registry.leave(this);
  }
}
