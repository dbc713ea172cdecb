package dev.myelin.library;

import dev.myelin.library.model.LibraryPatch;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.library.store.Json;
import dev.myelin.model.Embedding;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a library must be like.
final class LibraryRules {
  private static final int MAX_NAME = 255;
  private static final int MAX_TEXT = 10_000;
  private static final int MAX_METADATA_BYTES = 65_536;

  private LibraryRules() {}

  /// @throws dev.myelin.model.ServiceException INVALID_LIBRARY
  static void check(NewLibrary library) {
    checkName(library.name());
    checkText("description", library.description());
    checkText("index_type", library.indexType());
    checkText("embedding_model", library.embeddingModel());
    checkMetadata(library.metadata());
    if (library.dimension() < 0 || library.dimension() > Embedding.MAX_DIMENSION) {
      throw Refusals.library(
          "dimension",
          "is " + library.dimension() + " (expected: 1 to " + Embedding.MAX_DIMENSION + ")",
          "Leave it out, and the first embedding fixes it.");
    }
  }

  /// @throws dev.myelin.model.ServiceException INVALID_LIBRARY
  static void check(LibraryPatch patch) {
    if (patch.name() != null) {
      checkName(patch.name());
    }
    checkText("description", patch.description());
    if (patch.metadata() != null) {
      checkMetadata(patch.metadata());
    }
  }

  private static void checkName(String name) {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw Refusals.library(
          "name",
          "has " + name.strip().length() + " characters (expected: 1 to " + MAX_NAME + ")",
          "Choose another name.");
    }
  }

  private static void checkText(String path, @Nullable String text) {
    if (text != null && text.length() > MAX_TEXT) {
      throw Refusals.library(
          path,
          "has " + text.length() + " characters (expected: at most " + MAX_TEXT + ")",
          "Shorten it.");
    }
  }

  private static void checkMetadata(Map<String, @Nullable Object> metadata) {
    int bytes;
    try {
      bytes = Json.write(metadata).length;
    } catch (IllegalArgumentException _) {
      throw Refusals.library(
          "metadata", "has a value that JSON cannot say", "Send texts, numbers and lists.");
    }
    if (bytes > MAX_METADATA_BYTES) {
      throw Refusals.library(
          "metadata",
          "is " + bytes + " bytes of JSON (expected: at most " + MAX_METADATA_BYTES + ")",
          "Leave some out.");
    }
  }
}
