package dev.myelin.live.session;

/// A session as its connection knows it.
public final class GatewaySession {
  private final String id;
  private final SessionOwner owner;

  GatewaySession(String id, SessionOwner owner) {
    this.id = id;
    this.owner = owner;
  }

  /// 128 random bits as 32 hexadecimal digits. Secret: who has it and is its owner can resume it.
  public String id() {
    return id;
  }

  public SessionOwner owner() {
    return owner;
  }

  @Override
  public String toString() {
    return "session of " + owner;
  }
}
