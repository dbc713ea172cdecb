package dev.myelin.model;

import java.util.Locale;
import java.util.Optional;

/// What a key lets its holder do; each holds those before it.
public enum Scope {
  /// Recall, search, list, tail.
  READ,
  /// Observe, forget, create, change.
  WRITE,
  /// Drop libraries, rebuild their indexes, make and revoke keys.
  ADMIN;

  /// Whether who has this may also do what the other is for.
  public boolean holds(Scope other) {
    return compareTo(other) >= 0;
  }

  /// The scope of that name in lower case.
  static Optional<Scope> parse(String name) {
    for (Scope scope : values()) {
      if (scope.word().equals(name)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }

  /// How it is written: the name in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
