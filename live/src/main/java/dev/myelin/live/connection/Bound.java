package dev.myelin.live.connection;

import java.util.Locale;

/// What a limit of connections is counted for, the narrowest first.
public enum Bound {
  CLIENT,
  TENANT,
  PROCESS;

  /// As the wire has it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
