package dev.myelin.client.library.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A library that is to be made. Immutable.
///
/// @param id 3 to 64 of `a-z`, `0-9`, `_` and `-`; null lets the server choose a UUID
/// @param name 1 to 255 characters
/// @param dimension length of all embeddings, 1 to 4 096; 0 takes that of the first
/// @param metadata texts, numbers, truth values, lists and maps of them
public record NewLibrary(
    @Nullable String id,
    String name,
    @Nullable String description,
    int dimension,
    Map<String, Object> metadata) {

  public NewLibrary {
    metadata = Map.copyOf(metadata);
  }

  public static NewLibrary named(String name) {
    return new NewLibrary(null, name, null, 0, Map.of());
  }

  public NewLibrary withId(String chosen) {
    return new NewLibrary(chosen, name, description, dimension, metadata);
  }

  public NewLibrary withDescription(String text) {
    return new NewLibrary(id, name, text, dimension, metadata);
  }

  public NewLibrary withDimension(int length) {
    return new NewLibrary(id, name, description, length, metadata);
  }

  public NewLibrary withMetadata(Map<String, Object> pairs) {
    return new NewLibrary(id, name, description, dimension, pairs);
  }
}
