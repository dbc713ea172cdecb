package dev.myelin.server.config;

/// A configuration that cannot be used. Its text is written for whoever wrote the configuration.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(String text) {
    super(text);
  }

  ConfigException(String text, Throwable cause) {
    super(text, cause);
  }

  /// The text for a person.
  public String text() {
    return String.valueOf(getMessage());
  }
}
