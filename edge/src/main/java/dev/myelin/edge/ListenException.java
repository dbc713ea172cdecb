package dev.myelin.edge;

/// The server cannot listen where it should. Its text is written for whoever started it.
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ListenException(String text, Throwable cause) {
    super(text, cause);
  }

  /// The text for a person.
  public String text() {
    return String.valueOf(getMessage());
  }
}
