package dev.myelin.edge.rest.json;

import org.jspecify.annotations.Nullable;

/// A text that is no JSON, or a value that is not what it should be. Its text is for the client.
public final class JsonFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String field;

  private JsonFailure(@Nullable String field, String text) {
    super(text, null, false, false);
    this.field = field;
  }

  static JsonFailure malformed(String text) {
    return new JsonFailure(null, text);
  }

  /// A value is not what it should be.
  ///
  /// @param field the path of the value, such as `documents[3].title`
  public static JsonFailure invalid(String field, String text) {
    return new JsonFailure(field, field + ": " + text);
  }

  /// The path of the value that is wrong; null if the text is no JSON at all.
  public @Nullable String field() {
    return field;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
