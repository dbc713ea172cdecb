package dev.myelin.edge.web;

/// How far the server is. Any thread.
public final class Readiness {
  private volatile State state = State.STARTING;

  /// What the server can do now.
  public enum State {
    /// The journal or an index is still being opened.
    STARTING,
    READY,
    /// It settles what it accepted and takes nothing new.
    DRAINING
  }

  public State state() {
    return state;
  }

  public void enter(State next) {
    state = next;
  }
}
