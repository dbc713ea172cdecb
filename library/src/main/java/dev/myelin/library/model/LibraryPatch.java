package dev.myelin.library.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to change of a library; null leaves it as it is.
///
/// @param metadata replaces all of it
/// @param ifVersion changes only the library of this version
public record LibraryPatch(
    @Nullable String name,
    @Nullable String description,
    @Nullable Map<String, @Nullable Object> metadata,
    @Nullable Long ifVersion) {}
