package dev.myelin.edge.library;

import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.library.LibraryConfig;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.model.Embedding;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Documents in a client's JSON.
public final class DocumentReader {
  /// What all documents have; their own metadata cannot take these names.
  static final Set<String> STANDARD =
      Set.of("title", "author", "created_at", "document_type", "source_url", "tags");

  private static final int MAX_ID = 128;
  private static final int MAX_TITLE = 500;
  private static final int MAX_SHORT = 2_048;
  private static final int MAX_TAGS = 1_000;

  private final LibraryConfig bounds;

  public DocumentReader(LibraryConfig bounds) {
    this.bounds = bounds;
  }

  LibraryConfig bounds() {
    return bounds;
  }

  /// A document with `text`, `texts` or `chunks`.
  ///
  /// @throws JsonFailure naming the field that is wrong
  public NewDocument document(JsonObject json) {
    String text = text(json);
    List<NewPassage> passages = passages(json);
    if ((text == null) == (passages == null)) {
      throw json.invalid(
          text == null ? "texts" : "text",
          text == null
              ? "is missing (expected: text, which the server cuts, or texts, a passage each)."
              : "is there beside texts or chunks (expected: one of them).");
    }
    return new NewDocument(
        json.textOrNull("id", 1, MAX_ID),
        meta(json),
        text,
        passages == null ? List.of() : passages,
        json.flag("defer_embedding", false));
  }

  /// A document whose chunks bring their embeddings.
  NewDocument withEmbeddings(JsonObject json) {
    if (!json.has("chunks")) {
      throw json.invalid("chunks", "is missing (expected: a list of {text, embedding}).");
    }
    return document(json);
  }

  private DocumentMeta meta(JsonObject json) {
    String title = json.textOrNull("title", 1, MAX_TITLE);
    String type = json.textOrNull("document_type", 1, MAX_SHORT);
    List<String> tags = json.texts("tags", MAX_TAGS, 1, MAX_SHORT);
    return new DocumentMeta(
            title == null ? DocumentMeta.DEFAULT_TITLE : title,
            json.textOrNull("author", 0, MAX_SHORT),
            type == null ? DocumentMeta.DEFAULT_TYPE : type,
            json.textOrNull("source_url", 0, MAX_SHORT),
            tags == null ? List.of() : tags,
            Map.of())
        .withMetadata(json.mapOrEmpty("metadata"));
  }

  /// What is to change of a document.
  DocumentPatch patch(JsonObject json, @Nullable Long ifVersion) {
    String text = text(json);
    List<NewPassage> passages = passages(json);
    if (text != null && passages != null) {
      throw json.invalid("text", "is there beside texts or chunks (expected: one of them).");
    }
    return new DocumentPatch(
        json.textOrNull("title", 1, MAX_TITLE),
        json.textOrNull("author", 0, MAX_SHORT),
        json.textOrNull("document_type", 1, MAX_SHORT),
        json.textOrNull("source_url", 0, MAX_SHORT),
        json.texts("tags", MAX_TAGS, 1, MAX_SHORT),
        json.map("metadata"),
        text,
        passages,
        ifVersion);
  }

  private @Nullable String text(JsonObject json) {
    String text = json.textOrNull("text", 1, bounds.maxDocumentCharacters());
    if (text != null && text.isBlank()) {
      throw json.invalid("text", "is blank (expected: something to read).");
    }
    return text;
  }

  private @Nullable List<NewPassage> passages(JsonObject json) {
    if (json.has("chunks")) {
      return chunks(json);
    }
    List<String> texts =
        json.texts("texts", bounds.maxPassagesPerDocument(), 1, bounds.maxPassageCharacters());
    if (texts == null) {
      return null;
    }
    if (texts.isEmpty()) {
      throw json.invalid("texts", "is empty (expected: 1 text or more).");
    }
    List<NewPassage> passages = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      passages.add(NewPassage.of(notBlank(texts.get(i), json.path("texts") + "[" + i + "]")));
    }
    return passages;
  }

  private static String notBlank(String text, String path) {
    if (text.isBlank()) {
      throw JsonFailure.invalid(path, "is blank (expected: something to read).");
    }
    return text;
  }

  private List<NewPassage> chunks(JsonObject json) {
    List<@Nullable JsonObject> chunks = json.objects("chunks", 1, bounds.maxPassagesPerDocument());
    List<NewPassage> passages = new ArrayList<>(chunks.size());
    for (int i = 0; i < chunks.size(); i++) {
      JsonObject chunk = json.require(chunks.get(i), "chunks", i);
      String text = chunk.text("text", 1, bounds.maxPassageCharacters());
      passages.add(
          new NewPassage(
              notBlank(text, chunk.path("text")), Objects.requireNonNull(embedding(chunk, true))));
    }
    return passages;
  }

  /// The embedding of an object.
  ///
  /// @throws JsonFailure if it has none and needs one
  static @Nullable Embedding embedding(JsonObject json, boolean needed) {
    float[] values = json.floats("embedding");
    if (values == null) {
      if (needed) {
        throw json.invalid("embedding", "is missing (expected: a list of numbers).");
      }
      return null;
    }
    try {
      return Embedding.of(values);
    } catch (ServiceException e) {
      throw json.invalid("embedding", e.text());
    }
  }
}
