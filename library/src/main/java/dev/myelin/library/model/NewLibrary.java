package dev.myelin.library.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A library that is to be created.
///
/// @param id its id, a UUID or a slug of 3 to 64 characters of `a-z`, `0-9`, `_` and `-`; null for
///   a new UUID
/// @param name what people call it, 1 to 255 characters
/// @param metadata anything that JSON can say
/// @param indexType reported as it came; the engine chooses by itself
/// @param dimension of its embeddings, 1 to 4 096; 0 for the model's, or that of the first
///   embedding
public record NewLibrary(
    @Nullable String id,
    String name,
    @Nullable String description,
    Map<String, @Nullable Object> metadata,
    String indexType,
    @Nullable String embeddingModel,
    int dimension) {
  public static final String DEFAULT_INDEX_TYPE = "auto";

  /// A library of that name and nothing else.
  public static NewLibrary named(String name) {
    return new NewLibrary(null, name, null, Map.of(), DEFAULT_INDEX_TYPE, null, 0);
  }

  public NewLibrary withId(String chosen) {
    return new NewLibrary(
        chosen, name, description, metadata, indexType, embeddingModel, dimension);
  }

  public NewLibrary withDimension(int fixed) {
    return new NewLibrary(id, name, description, metadata, indexType, embeddingModel, fixed);
  }
}
