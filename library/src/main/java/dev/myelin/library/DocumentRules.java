package dev.myelin.library;

import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.store.Json;
import dev.myelin.model.Excerpt;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a document must be like.
final class DocumentRules {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
  private static final int MAX_TITLE = 500;
  private static final int MAX_FIELD = 2_000;
  private static final int MAX_TAGS = 100;
  private static final int MAX_METADATA_BYTES = 16_384;

  private final LibraryConfig config;

  DocumentRules(LibraryConfig config) {
    this.config = config;
  }

  /// @throws dev.myelin.model.ServiceException INVALID_DOCUMENT
  void check(NewDocument document) {
    String id = document.id();
    if (id != null && !ID.matcher(id).matches()) {
      throw Refusals.document(
          "id",
          "is " + Excerpt.of(id) + " (expected: 1 to 128 of A-Z, a-z, 0-9, _, -, . and :)",
          "Choose such an id, or leave it out and the server makes one.");
    }
    check(document.meta());
    boolean hasPassages = !document.passages().isEmpty();
    if ((document.text() != null) == hasPassages) {
      throw Refusals.document(
          "text",
          (hasPassages ? "is there beside" : "is missing, and there are no")
              + " passages (expected: one of them)",
          "Send either a text, or passages.");
    }
    checkContent(document.text(), document.passages());
  }

  /// @throws dev.myelin.model.ServiceException INVALID_DOCUMENT
  void checkContent(@Nullable String text, List<NewPassage> passages) {
    if (text != null) {
      checkText(text);
    }
    checkCount(passages.size());
    for (int i = 0; i < passages.size(); i++) {
      NewPassage passage = passages.get(i);
      checkPassage(path(passage, i), passage.text());
    }
  }

  private static String path(NewPassage passage, int index) {
    return passage.embedding() == null ? "texts[" + index + "]" : "chunks[" + index + "].text";
  }

  private void checkText(String text) {
    if (text.isBlank()) {
      throw Refusals.document("text", "is blank (expected: something to find)", "Send a text.");
    }
    if (text.length() > config.maxDocumentCharacters()) {
      throw Refusals.document(
          "text",
          "has "
              + text.length()
              + " characters (expected: at most "
              + config.maxDocumentCharacters()
              + ")",
          "Split it into several documents.");
    }
  }

  /// @throws dev.myelin.model.ServiceException INVALID_DOCUMENT
  void checkCount(int passages) {
    if (passages > config.maxPassagesPerDocument()) {
      throw Refusals.document(
          "chunks",
          "are " + passages + " (expected: at most " + config.maxPassagesPerDocument() + ")",
          "Split it into several documents.");
    }
  }

  private void checkPassage(String path, String text) {
    if (text.isBlank()) {
      throw Refusals.document(path, "is blank (expected: something to find)", "Leave it out.");
    }
    if (text.length() > config.maxPassageCharacters()) {
      throw Refusals.document(
          path,
          "has "
              + text.length()
              + " characters (expected: at most "
              + config.maxPassageCharacters()
              + ")",
          "Cut it into several, or send all as one text and the server cuts it.");
    }
  }

  /// @throws dev.myelin.model.ServiceException INVALID_DOCUMENT
  static void check(DocumentMeta meta) {
    checkField("title", meta.title(), MAX_TITLE);
    if (meta.title().isBlank()) {
      throw Refusals.document(
          "title", "is blank (expected: 1 to " + MAX_TITLE + " characters)", "Name the document.");
    }
    checkField("author", meta.author(), MAX_FIELD);
    checkField("document_type", meta.documentType(), MAX_FIELD);
    checkField("source_url", meta.sourceUrl(), MAX_FIELD);
    if (meta.tags().size() > MAX_TAGS) {
      throw Refusals.document(
          "tags",
          "are " + meta.tags().size() + " (expected: at most " + MAX_TAGS + ")",
          "Leave some out.");
    }
    for (int i = 0; i < meta.tags().size(); i++) {
      checkField("tags[" + i + "]", meta.tags().get(i), MAX_FIELD);
    }
    int bytes = size("metadata", meta.metadata());
    if (bytes > MAX_METADATA_BYTES) {
      throw Refusals.document(
          "metadata",
          "is " + bytes + " bytes of JSON (expected: at most " + MAX_METADATA_BYTES + ")",
          "Keep there what is searched by, and the rest in the text.");
    }
  }

  private static int size(String path, Map<String, @Nullable Object> metadata) {
    try {
      return Json.write(metadata).length;
    } catch (IllegalArgumentException _) {
      throw Refusals.document(
          path, "has a value that JSON cannot say", "Send texts, numbers, booleans and lists.");
    }
  }

  private static void checkField(String path, @Nullable String value, int max) {
    if (value != null && value.length() > max) {
      throw Refusals.document(
          path,
          "has " + value.length() + " characters (expected: at most " + max + ")",
          "Shorten it.");
    }
  }
}
