package dev.myelin.memory.index;

/// An index cannot be read or written. The journal still has everything.
public final class IndexFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public IndexFailure(String what, Throwable cause) {
    super(what, cause);
  }
}
