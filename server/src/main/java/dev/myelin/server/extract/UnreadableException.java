package dev.myelin.server.extract;

import java.io.IOException;

/// A file from which no text can be had; its message says why, for people.
public final class UnreadableException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnreadableException(String text) {
    super(text);
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
