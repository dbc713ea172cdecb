package dev.myelin.client.library.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to change of a library; null stays as it is. Immutable.
///
/// @param metadata replaces all of it
public record LibraryChange(
    @Nullable String name, @Nullable String description, @Nullable Map<String, Object> metadata) {
  /// Changes nothing yet: the start of every change.
  public static final LibraryChange NONE = new LibraryChange(null, null, null);

  public LibraryChange {
    metadata = metadata == null ? null : Map.copyOf(metadata);
  }

  public LibraryChange withName(String other) {
    return new LibraryChange(other, description, metadata);
  }

  public LibraryChange withDescription(String other) {
    return new LibraryChange(name, other, metadata);
  }

  public LibraryChange withMetadata(Map<String, Object> other) {
    return new LibraryChange(name, description, other);
  }
}
