package dev.myelin.server;

/// What the process says when it ends.
final class ExitCodes {
  static final int OK = 0;
  static final int INTERNAL = 1;
  static final int USAGE = 2;
  static final int CANNOT_LISTEN = 3;
  static final int CANNOT_USE_DATA = 4;

  private ExitCodes() {}
}
