package dev.myelin.server.command;

/// A line of input that is no observation; the text says what is wrong with it.
final class BadLine extends Exception {
  private static final long serialVersionUID = 1L;

  BadLine(String text) {
    super(text);
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
